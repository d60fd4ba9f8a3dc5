"""Who may see it, and which rule may stay silent: restrict, protect the source, emergency access, suppress."""

from __future__ import annotations

from datetime import timedelta

from seinpost.packs.procedure.terms import ListName, Refusal, Setting
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.shapes import Glass, Reason, Refused, Suppression
from seinpost.process.verbs.case import Built, Case, ahead, gone, listed, reason, refuse, sentence


def restrict(case: Case[c.Restrict]) -> Built:
    """Let only these people see it: the actor, the owner and a supervisor are among them, so it can always go on.

    Two at least: one alone could never close it, for want of a second person.
    """
    command = case.command
    reasons = [*sentence(case.plan, "words", command.words), *gone(command, "people")]
    needed = {case.actor.id, command.supervisor} | ({case.view.person} if case.view.person else set())
    if not command.supervisor or not needed <= command.people or len(command.people) < 2:
        reasons.append(reason(Refusal.NOBODY_NAMED))
    elif command.people == case.view.need_to_know and command.supervisor == case.view.supervisor:
        reasons.append(reason(Refusal.NOTHING_CHANGES))
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.Restricted(tuple(sorted(command.people)), command.supervisor, command.words))


def lift_restriction(case: Case[c.LiftRestriction]) -> Built:
    """Let the unit see it again."""
    reasons = [*sentence(case.plan, "words", case.command.words)]
    if not case.view.need_to_know:
        reasons.append(reason(Refusal.NOT_RESTRICTED))
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.RestrictionLifted(case.command.words))


def protect_source(case: Case[c.ProtectSource]) -> Built:
    """Move the source to a compartment; content stays visible."""
    command = case.command
    reasons: list[Reason] = [
        *listed(case.plan, ListName.COMPARTMENTS, "compartment", [command.compartment]),
        *sentence(case.plan, "words", command.words),
    ]
    if command.compartment == case.view.compartment:
        reasons.append(reason(Refusal.NOTHING_CHANGES))
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.SourceProtected(command.compartment, command.words))


def break_glass(case: Case[c.BreakGlass]) -> Built:
    """Take access by emergency, for as long as the pack says; a privacy officer looks at it afterwards."""
    reasons = tuple(sentence(case.plan, "words", case.command.words))
    if reasons:
        return Refused(reasons)
    until = case.now + timedelta(minutes=case.plan.settings[Setting.GLASS_MINUTES])
    return case.here(e.GlassBroken(Glass(case.actor.id, case.now, until, case.command.words)))


def review_glass(case: Case[c.ReviewGlass]) -> Built:
    """Judge an access by emergency; nobody judges their own."""
    command = case.command
    reasons = [*sentence(case.plan, "words", command.words)]
    known = [g for g in case.view.glass if (g.person, g.since) == (command.person, command.since) and not g.reviewed]
    if not known:
        reasons.append(reason(Refusal.UNKNOWN_GLASS))
    if command.person == case.actor.id:
        reasons.append(reason(Refusal.SAME_PERSON))
    if reasons:
        return Refused(tuple(reasons))
    return case.here(e.GlassReviewed(command.person, command.since, command.justified, command.words))


def suppress(case: Case[c.Suppress]) -> Built:
    """Let a rule stay silent for one entity, for a reason of the list, until a day; a sample is looked at anyway."""
    command = case.command
    reasons: list[Reason] = [
        *listed(case.plan, ListName.SUPPRESSION, "reason", [command.reason]),
        *ahead(case.plan, case.today, command.until, Setting.SUPPRESS_DAYS),
        *sentence(case.plan, "words", command.words),
    ]
    for field, code in (("rule", command.rule), ("entity", command.entity)):
        if not code:
            reasons.append(reason(Refusal.UNKNOWN_CODE, field=field, code=code))
    if command.rule in case.plan.never_silent:
        reasons.append(reason(Refusal.NEVER_SILENT, code=command.rule))
    key = (command.rule, command.entity)
    silent = [s for s in case.view.suppressions if (s.rule, s.entity) == key and s.until > case.today]
    reasons += [reason(Refusal.ALREADY_SUPPRESSED, until=old.until) for old in silent]
    if reasons:
        return Refused(tuple(reasons))
    suppression = Suppression(command.rule, command.entity, command.reason, command.until)
    return case.here(e.RuleSuppressed(suppression, command.words))


def unsuppress(case: Case[c.Unsuppress]) -> Built:
    """Let a rule speak again for an entity."""
    command = case.command
    if all((s.rule, s.entity) != (command.rule, command.entity) for s in case.view.suppressions):
        return refuse(reason(Refusal.NOT_SUPPRESSED))
    return case.here(e.RuleUnsuppressed(command.rule, command.entity, command.words))
