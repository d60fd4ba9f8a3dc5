"""Who may do what: one table of role x verb x purpose with conditions, read two ways.

`may` answers for one thing, with the reason for a no; `visible` describes every thing a person may look at, for the
store to filter lists by. Both read the same table; a test demands that they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from seinpost.packs.procedure.terms import Processing, Purpose, Refusal, Role, Task, Verb
from seinpost.process.deadlines import local_day
from seinpost.process.people import Actor, Grant, Thing
from seinpost.process.shapes import Allowed, Refused
from seinpost.process.verbs.case import reason, refuse

TRAINING = "signalen-mensenhandel"


class Condition(IntEnum):
    """What must hold between a grant and a thing. The number is how near a refusal came: the nearest one is told."""

    PRACTICE = 1  # the thing is practice
    TASK = 2  # the thing's task and processing are the grant's
    UNIT = 3  # the thing's unit is among the grant's
    FORM = 4  # one of the thing's forms is among the grant's, or it has none yet, or it is the actor's own work
    ASKED = 5  # the thing asks the actor something
    TRAINED = 6  # the actor's training is valid today
    NAMED = 7  # a restricted thing names the actor
    COMPARTMENT = 8  # the grant opens the compartment of the thing's source
    GLASS = 9  # the actor took access by emergency to the thing, and it still runs


REFUSALS = {
    Condition.PRACTICE: Refusal.PRACTICE_ONLY,
    Condition.TASK: Refusal.OTHER_TASK,
    Condition.UNIT: Refusal.OTHER_UNIT,
    Condition.FORM: Refusal.OTHER_FORM,
    Condition.ASKED: Refusal.NOT_ASKED,
    Condition.TRAINED: Refusal.NOT_TRAINED,
    Condition.NAMED: Refusal.NEED_TO_KNOW,
    Condition.COMPARTMENT: Refusal.COMPARTMENT,
    Condition.GLASS: Refusal.NEED_TO_KNOW,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """These roles may do these verbs for these purposes, if all conditions hold."""

    verbs: frozenset[Verb]
    roles: frozenset[Role]
    purposes: frozenset[Purpose]
    conditions: frozenset[Condition]


def _rule(verbs: str, roles: str, purposes: str, conditions: str) -> Rule:
    """A line of the table below, written in words; an unknown word stops the import."""
    return Rule(
        frozenset(Verb(word) for word in verbs.split()),
        frozenset(Role(word) for word in roles.split()),
        frozenset(Purpose(word) for word in purposes.split()),
        frozenset(Condition[word.upper()] for word in conditions.split()),
    )


FOLLOWERS = "analyst weigher detective certified-interviewer coordinator"
OWN = "task unit form named"
RULES = (
    # the work on a signal
    _rule(
        "take release postpone undo note correct ask-author add-task finish-task plan pause resume mark-urgent reopen "
        "escalate look-up waive submit join unsure file attach",
        FOLLOWERS,
        "follow-up coordination",
        OWN,
    ),
    _rule("confirm dismiss", "analyst weigher coordinator", "follow-up coordination", f"{OWN} trained"),
    _rule("weigh close agree disagree", "weigher coordinator", "follow-up coordination", f"{OWN} trained"),
    _rule("assign restrict lift-restriction protect-source", "weigher coordinator", "follow-up coordination", OWN),
    _rule("suppress unsuppress", "weigher coordinator", "follow-up coordination", f"{OWN} trained"),
    _rule("plan-talk", "certified-interviewer detective coordinator", "follow-up coordination", f"{OWN} trained"),
    # the victim's own track: whoever follows up may meet one; who talks with them, keeps their record
    _rule("meet-victim note-needs", FOLLOWERS, "follow-up coordination", OWN),
    _rule(
        "record-talk offer-reflection report-reflection end-reflection record-consent assess-victim hand-on-victim "
        "rest-victim",
        "certified-interviewer detective coordinator",
        "follow-up coordination",
        f"{OWN} trained",
    ),
    _rule(
        "record-complaint record-leads start-investigation hand-over",
        "weigher detective coordinator",
        "follow-up coordination",
        f"{OWN} trained",
    ),
    # whoever is asked answers, in whatever unit and role; of a restricted signal only who may know of it
    _rule("answer", f"{FOLLOWERS} trainee", "follow-up coordination training", "asked named"),
    _rule("answer", "privacy-officer auditor", "oversight", "asked named"),
    _rule("answer", "administrator", "management", "asked named"),
    # looking
    _rule("read search download", FOLLOWERS, "follow-up coordination", OWN),
    _rule("read search download", "privacy-officer", "oversight", "named"),
    _rule("read search download", FOLLOWERS, "emergency", "task glass"),
    _rule("count", "coordinator weigher", "coordination", "task unit"),
    _rule("count", "privacy-officer auditor", "oversight", ""),
    _rule("export", "weigher coordinator", "follow-up coordination", f"{OWN} trained"),
    _rule("export", "privacy-officer", "oversight", "named"),
    _rule("read-source", "detective coordinator", "follow-up", f"{OWN} compartment"),
    _rule("read-log", "privacy-officer auditor", "oversight", ""),
    _rule("erase-attachment", "privacy-officer", "oversight", "named"),
    _rule("manage-people", "administrator", "management", ""),
    # a right that was proposed: whom `people.second_persons` names, never who proposed it or would get it
    _rule("agree-right", "administrator", "management", "asked"),
    _rule("agree-right", "privacy-officer", "oversight", "asked"),
    # emergency
    _rule("break-glass", FOLLOWERS, "emergency", "task"),
    _rule("review-glass", "privacy-officer", "oversight", ""),
    # practice: a trainee does an analyst's and a weigher's work, on synthetic signals only
    _rule(
        "take release postpone undo note correct ask-author add-task finish-task plan pause resume mark-urgent reopen "
        "escalate look-up waive submit join unsure file confirm dismiss weigh close agree disagree read search "
        "attach download",
        "trainee",
        "training",
        f"{OWN} practice",
    ),
    # the system keeps its promises
    _rule(
        "register file release reopen correct escalate resume unsuppress count erase-attachment",
        "system",
        "guarding",
        "",
    ),
)
FORM_ROLES = frozenset(r for rule in RULES if Condition.FORM in rule.conditions for r in rule.roles) - {
    Role.COORDINATOR
}
"""The roles whose rights can be narrowed to some forms. Never a coordinator's: somebody of a unit reaches every signal
of it, whatever form it gets, and what nobody takes goes up to them."""
COMPARTMENT_ROLES = frozenset(r for rule in RULES if Condition.COMPARTMENT in rule.conditions for r in rule.roles)
"""The roles to which a compartment opens anything."""
BY_VERB: dict[Verb, tuple[Rule, ...]] = {verb: tuple(r for r in RULES if verb in r.verbs) for verb in Verb}


def may(actor: Actor, verb: Verb, thing: Thing, purpose: Purpose, now: datetime) -> Allowed | Refused:
    """Allowed if, and only if, the thing is of the actor's service and one running grant meets one rule whole.

    Else the reason of the pair of grant and rule that came nearest.
    """
    if actor.service != thing.service:
        return refuse(reason(Refusal.OTHER_SERVICE))
    nearest: Condition | None = None
    wrong_purpose = False
    for rule, grant in _pairs(actor, verb, now):
        if purpose not in rule.purposes & grant.purposes:
            wrong_purpose = True
            continue
        failed = next((c for c in sorted(rule.conditions) if not holds(c, actor, grant, thing, now)), None)
        if failed is None:
            return Allowed()
        nearest = failed if nearest is None else max(nearest, failed)
    if nearest is not None:
        code = REFUSALS[nearest]
        return refuse(reason(code, training=TRAINING) if code is Refusal.NOT_TRAINED else reason(code))
    return refuse(reason(Refusal.WRONG_PURPOSE if wrong_purpose else _without(actor, verb)))


def _pairs(actor: Actor, verb: Verb, now: datetime) -> Iterator[tuple[Rule, Grant]]:
    for rule in BY_VERB[verb]:
        for grant in actor.grants:
            if grant.role in rule.roles and grant.runs(now):
                yield rule, grant


def _without(actor: Actor, verb: Verb) -> Refusal:
    """Why there is no grant at all for a verb: some are for persons only, some for the system only."""
    roles = frozenset(role for rule in BY_VERB[verb] for role in rule.roles)
    if actor.is_system and Role.SYSTEM not in roles:
        return Refusal.ONLY_FOR_PERSONS
    return Refusal.ONLY_FOR_SYSTEM if roles == {Role.SYSTEM} else Refusal.NO_GRANT


def holds(condition: Condition, actor: Actor, grant: Grant, thing: Thing, now: datetime) -> bool:
    """Whether one condition holds between a grant of an actor and a thing."""
    if condition is Condition.TASK:
        return (grant.task, grant.processing) == (thing.task, thing.processing)
    if condition is Condition.UNIT:
        return grant.units is None or thing.unit in grant.units
    if condition is Condition.FORM:
        return reaches_form(grant.forms, actor.id, thing)
    if condition is Condition.NAMED:
        return not thing.need_to_know or actor.id in thing.need_to_know
    if condition is Condition.PRACTICE:
        return thing.practice
    if condition is Condition.TRAINED:
        return is_trained(actor, now)
    if condition is Condition.COMPARTMENT:
        return thing.compartment in grant.compartments
    if condition is Condition.ASKED:
        return actor.id in thing.asked
    return any(glass.person == actor.id and glass.since <= now < glass.until for glass in thing.glass)


def can_take_up(actor: Actor, thing: Thing, now: datetime) -> bool:
    """Whether somebody may take a thing up, for any purpose; of whom may not, nobody should wait for it."""
    return any(isinstance(may(actor, Verb.TAKE, thing, purpose, now), Allowed) for purpose in Purpose)


def reaches_form(forms: frozenset[str] | None, person: str, thing: Thing) -> bool:
    """A right for some forms reaches a thing if, and only if, it has one of them or none yet, or is the person's work.

    Else somebody would lose what they own, undone, the moment a colleague names another form.
    """
    return forms is None or not thing.forms or bool(thing.forms & forms) or person in thing.workers


def is_trained(actor: Actor, now: datetime) -> bool:
    """Trained if, and only if, the training on signals is valid today."""
    today = local_day(now)
    return any(training.code == TRAINING and today < training.until for training in actor.training)


# --- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    """One set of things, as the store filters them: every field that is not None must hold.

    `forms`: one of these, or none yet, or the work of `worker`. `named`: this person, where a thing is restricted.
    `asked`, `glass`: this person. `practice`: only practice.
    """

    task: Task | None = None
    processing: Processing | None = None
    units: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    worker: str = ""
    named: str | None = None
    asked: str | None = None
    glass: str | None = None
    compartments: frozenset[str] | None = None
    practice: bool | None = None

    def admits(self, thing: Thing, now: datetime) -> bool:
        """Whether a thing belongs to the set."""
        return (
            self.task in (None, thing.task)
            and self.processing in (None, thing.processing)
            and (self.units is None or thing.unit in self.units)
            and reaches_form(self.forms, self.worker, thing)
            and (self.named is None or not thing.need_to_know or self.named in thing.need_to_know)
            and self.practice in (None, thing.practice)
            and self._admits_person(thing, now)
        )

    def _admits_person(self, thing: Thing, now: datetime) -> bool:
        return (
            (self.asked is None or self.asked in thing.asked)
            and (self.compartments is None or thing.compartment in self.compartments)
            and (self.glass is None or any(g.person == self.glass and g.since <= now < g.until for g in thing.glass))
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything of one service that lies in any of the clauses; without clauses: nothing."""

    service: str
    clauses: tuple[Clause, ...]

    def admits(self, thing: Thing, now: datetime) -> bool:
        """Whether a thing may be looked at."""
        return thing.service == self.service and any(clause.admits(thing, now) for clause in self.clauses)


def visible(actor: Actor, now: datetime, purpose: Purpose, verb: Verb = Verb.READ) -> Scope:
    """Everything the actor may look at now, for one purpose."""
    clauses = []
    for rule, grant in _pairs(actor, verb, now):
        trained = Condition.TRAINED not in rule.conditions or is_trained(actor, now)
        if purpose in rule.purposes & grant.purposes and trained:
            clauses.append(_clause(rule.conditions, grant, actor.id))
    return Scope(actor.service, tuple(dict.fromkeys(clauses)))


def _clause(conditions: frozenset[Condition], grant: Grant, person: str) -> Clause:
    return Clause(
        task=grant.task if Condition.TASK in conditions else None,
        processing=grant.processing if Condition.TASK in conditions else None,
        units=grant.units if Condition.UNIT in conditions else None,
        forms=grant.forms if Condition.FORM in conditions else None,
        worker=person if Condition.FORM in conditions and grant.forms is not None else "",
        named=person if Condition.NAMED in conditions else None,
        asked=person if Condition.ASKED in conditions else None,
        glass=person if Condition.GLASS in conditions else None,
        compartments=grant.compartments if Condition.COMPARTMENT in conditions else None,
        practice=True if Condition.PRACTICE in conditions else None,
    )
