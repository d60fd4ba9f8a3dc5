"""Gate 3 of a procedure: what is well-formed and still wrong. One small class per check."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from string import Formatter
from typing import Any, ClassVar

from seinpost.errors import Fault
from seinpost.packs.procedure import model, prompts, victim
from seinpost.packs.procedure.build import ReadProcedure
from seinpost.packs.procedure.terms import (
    CHANGES,
    FOR_VICTIMS,
    LATER,
    LOOKS,
    OPEN_PHASES,
    Authority,
    ListName,
    Outcome,
    Phase,
    Phrase,
    Processing,
    Profile,
    Purpose,
    Refusal,
    Role,
    Setting,
    Task,
    Told,
    Verb,
    VictimContact,
)

NEW = frozenset((Verb.REGISTER, Verb.FILE))
NAMED: dict[str, type[Enum]] = {
    "profile": Profile,
    "role": Role,
    "task": Task,
    "processing": Processing,
    "purpose": Purpose,
    "phase": Phase,
    "verb": Verb,
    "authority": Authority,
    "outcome": Outcome,
    "victim-contact": VictimContact,
    "letter": Phrase,
    "notice": Told,
}
PUTTING_OFF = frozenset(("look-again", "review-pause", "review-silence"))
# A phase of the second half may be named, but nothing leads into it yet.
LATER_PHASES = frozenset((Phase.TALK, Phase.COMPLAINT, Phase.INVESTIGATION, Phase.TRANSFERRED))


class Lint:
    """A check over a whole procedure."""

    name: ClassVar[str]

    def __init__(self, read: ReadProcedure) -> None:
        self.read = read
        self.procedure = read.procedure

    def check(self) -> Iterator[Fault]:
        """Give the faults."""
        raise NotImplementedError

    def fault(self, sheet: str, keys: tuple[str | int, ...], problem: str, *value_allowed: str | None) -> Fault:
        """A fault at a place in one of the files."""
        return Fault(self.read.sheets[sheet].place(*keys), problem, *value_allowed)

    def based(self) -> Iterator[tuple[str, tuple[str | int, ...], Any]]:
        """Every value that names a source, with its place."""
        for sheet, part in self.read.parts.items():
            if isinstance(part, model.Based):
                yield sheet, (), part
            elif isinstance(part, list):
                yield from ((sheet, (n,), entry) for n, entry in enumerate(part) if isinstance(entry, model.Based))
            elif isinstance(part, model.VictimSheet):
                yield from ((sheet, keys, entry) for keys, entry in victim.based(part))
            elif sheet == "lists.yaml":
                yield from ((sheet, (key.value, n), e) for key, entries in part.items() for n, e in enumerate(entries))


class UnknownSource(Lint):
    """Every source that is named stands in procedure.yaml."""

    name = "unknown-source"

    def check(self) -> Iterator[Fault]:
        known = self.procedure.sources
        for sheet, keys, part in self.based():
            if part.source not in known:
                yield self.fault(sheet, (*keys, "source"), "is no source", part.source, ", ".join(known))


class UnusedSource(Lint):
    """Every source in procedure.yaml is named by a value."""

    name = "unused-source"

    def check(self) -> Iterator[Fault]:
        used = {part.source for *_, part in self.based()}
        for key in self.procedure.sources:
            if key not in used:
                yield self.fault("procedure.yaml", ("sources", key), "is named by no value", key)


class OwnIsNoLaw(Lint):
    """A value of our own, or of a weak source, is never called law or instruction."""

    name = "own-is-no-law"

    def check(self) -> Iterator[Fault]:
        for sheet, keys, part in self.based():
            source = self.procedure.sources.get(part.source)
            strict = part.authority in (Authority.LAW, Authority.INSTRUCTION)
            if source is not None and strict and source.confidence != "hoog":
                yield self.fault(
                    sheet, (*keys, "authority"), "is called law on a source that is not sure", part.source, "proposal"
                )


class UnknownAction(Lint):
    """Every `then` and every deadline names a kind of next action."""

    name = "unknown-action"

    def check(self) -> Iterator[Fault]:
        places = (
            ("moves.yaml", "then"),
            ("outcomes.yaml", "then"),
            ("deadlines.yaml", "action"),
            ("channels.yaml", "first"),
        )
        for sheet, field in places:
            for number, part in enumerate(self.read.parts[sheet]):
                code = getattr(part, field)
                if code and code not in self.procedure.actions:
                    allowed = ", ".join(self.procedure.actions)
                    yield self.fault(sheet, (number, field), "is no kind of next action", code, allowed)


class NoDeadline(Lint):
    """Every kind of next action has one deadline for everybody, so that a date can always be given."""

    name = "no-deadline"

    def check(self) -> Iterator[Fault]:
        general = [d.action for d in self.procedure.deadlines if d.profile is None and not d.urgent]
        for number, part in enumerate(self.read.parts["actions.yaml"]):
            if general.count(part.code) != 1:
                count = f"{general.count(part.code)} general deadlines"
                yield self.fault("actions.yaml", (number,), f"has {count}", part.code, "exactly one")


class NoUrgentDeadline(Lint):
    """Every kind of next action that is work has a clock of danger and one of a minor, shorter than its general one.

    Putting off is no work: danger takes up again what a diary date or a pause put off.
    """

    name = "no-urgent-deadline"

    def check(self) -> Iterator[Fault]:
        clocks = {(deadline.action, deadline.urgent) for deadline in self.procedure.deadlines}
        for number, part in enumerate(self.read.parts["actions.yaml"]):
            for urgent in ("risk-to-life", "minor"):
                if part.code not in PUTTING_OFF and (part.code, urgent) not in clocks:
                    yield self.fault("actions.yaml", (number,), f"has no deadline for {urgent}", part.code)


class OpenWithoutAction(Lint):
    """A move into another open phase sets the next action; a move out of work sets none."""

    name = "open-without-action"

    def check(self) -> Iterator[Fault]:
        for sheet in ("moves.yaml", "outcomes.yaml"):
            for number, part in enumerate(self.read.parts[sheet]):
                if part.to in OPEN_PHASES and not part.then:
                    yield self.fault(sheet, (number,), "goes to an open phase without a next action", part.to.value)
                if part.to is not None and part.to not in OPEN_PHASES and part.then:
                    yield self.fault(sheet, (number, "then"), "is a next action in a phase at rest", part.then)


class NobodyCan(Lint):
    """Whatever next action a move, an outcome or a person sets, one of its verbs has a move in that phase."""

    name = "nobody-can"

    def check(self) -> Iterator[Fault]:
        for sheet, keys, phase, code in self.set():
            action = self.procedure.actions.get(code)
            if action is not None and not any((verb, phase) in self.procedure.moves for verb in action.done_by):
                shown = ", ".join(action.done_by)
                yield self.fault(sheet, keys, f"sets a next action nobody can do in {phase.value}", code, shown)

    def set(self) -> Iterator[tuple[str, tuple[str | int, ...], Phase, str]]:
        """Every next action that comes about, with the phase it is to be done in."""
        for number, part in enumerate(self.read.parts["moves.yaml"]):
            if part.then:
                for phase in dict.fromkeys(part.to or start for start in part.start):
                    yield "moves.yaml", (number, "then"), phase, part.then
        for number, part in enumerate(self.read.parts["outcomes.yaml"]):
            yield "outcomes.yaml", (number, "then"), part.to, part.then
        for number, part in enumerate(self.read.parts["actions.yaml"]):
            for phase in part.phases:
                yield "actions.yaml", (number, "phases"), phase, part.code
        for number, part in enumerate(self.read.parts["channels.yaml"]):
            yield "channels.yaml", (number, "first"), Phase.REGISTERED, part.first


class PhasesConnect(Lint):
    """Every phase of the first half can be entered, left and reopened."""

    name = "phases-connect"

    def check(self) -> Iterator[Fault]:
        entered = {move.to for move in self.procedure.moves.values()} | {
            outcome.to for outcome in self.procedure.outcomes.values()
        }
        left = {
            start for (_, start), move in self.procedure.moves.items() if move.to is not None and move.to is not start
        }
        weighed = {start for verb, start in self.procedure.moves if verb is Verb.WEIGH}
        for phase in frozenset(Phase) - LATER_PHASES:
            if phase not in entered and phase is not Phase.REGISTERED:
                yield self.fault("moves.yaml", (), "no move leads to a phase", phase.value)
            if phase not in left | weighed:
                yield self.fault("moves.yaml", (), "no move leads out of a phase", phase.value)


class VerbsHaveMoves(Lint):
    """Every verb that changes a signal has a move; no verb that looks, creates or comes later has one."""

    name = "verbs-have-moves"

    def check(self) -> Iterator[Fault]:
        moving = {verb for verb, _ in self.procedure.moves}
        for verb in sorted(CHANGES - NEW - moving):
            yield self.fault("moves.yaml", (), "a verb without a move", verb.value)
        for number, part in enumerate(self.read.parts["moves.yaml"]):
            if part.verb in LOOKS | LATER | FOR_VICTIMS | NEW:
                yield self.fault("moves.yaml", (number, "verb"), "is a verb that makes no move", part.verb.value)


class Complete(Lint):
    """Every closed set of terms is covered: settings, lists, outcomes, refusals, names, profiles."""

    name = "complete"

    def check(self) -> Iterator[Fault]:
        p = self.procedure
        sets: list[tuple[str, tuple[str, ...], type[Enum], set[Any]]] = [
            ("settings.yaml", (), Setting, set(p.settings)),
            ("lists.yaml", (), ListName, set(p.lists)),
            ("outcomes.yaml", (), Outcome, set(p.outcomes)),
            ("refusals.yaml", (), Refusal, set(p.refusals)),
        ]
        sets += [("names.yaml", (key,), kind, set(p.names.get(key, {}))) for key, kind in NAMED.items()]
        for sheet, keys, kind, present in sets:
            values = {getattr(value, "value", value) for value in present}
            for member in kind:
                if member.value not in values:
                    yield self.fault(sheet, keys, "misses an entry", str(member.value))
            for extra in sorted(values - {member.value for member in kind}):
                yield self.fault(sheet, (*keys, extra), "is no known entry", extra)
        for profile in Profile:
            if not p.criteria[profile]:
                yield self.fault("criteria.yaml", (), "has no criteria for a profile", profile.value)
            if not any(step.required for step in p.steps[profile]):
                yield self.fault(f"enrichment/{profile.value}.yaml", (), "has no required step", profile.value)


class SameBlanks(Lint):
    """The two languages of a refusal fill in the same blanks."""

    name = "same-blanks"

    def check(self) -> Iterator[Fault]:
        for code, label in self.procedure.refusals.items():
            nl, en = ({name for _, name, *_ in Formatter().parse(text) if name} for text in (label.nl, label.en))
            if nl != en:
                shown = f"nl {sorted(nl)}, en {sorted(en)}"
                yield self.fault("refusals.yaml", (code.value,), "has other blanks in its two languages", shown)


class ProtectedExists(Lint):
    """A channel with a protected source names a compartment of the list."""

    name = "protected-exists"

    def check(self) -> Iterator[Fault]:
        known = self.procedure.lists.get(ListName.COMPARTMENTS, {})
        for number, part in enumerate(self.read.parts["channels.yaml"]):
            if part.protected and part.protected not in known:
                keys = (number, "protected")
                yield self.fault("channels.yaml", keys, "is no compartment", part.protected, ", ".join(known))


class FormHolds(Lint):
    """The officer's form asks danger and age first, and every condition and answer of it exists."""

    name = "form-holds"

    def check(self) -> Iterator[Fault]:
        for number, field, problem, value in prompts.faults(self.procedure):
            yield self.fault("intake.yaml", (number, field), problem, value or None)


class VictimHolds(Lint):
    """The victim's own track has every step and ground, and no body of the criminal case in it."""

    name = "victim-holds"

    def check(self) -> Iterator[Fault]:
        for keys, problem, value, allowed in victim.faults(self.read.parts["victim.yaml"]):
            yield self.fault("victim.yaml", keys, problem, value or None, allowed)


LINTS: tuple[type[Lint], ...] = (
    UnknownSource,
    UnusedSource,
    OwnIsNoLaw,
    UnknownAction,
    NoDeadline,
    NoUrgentDeadline,
    OpenWithoutAction,
    NobodyCan,
    PhasesConnect,
    VerbsHaveMoves,
    Complete,
    SameBlanks,
    ProtectedExists,
    FormHolds,
    VictimHolds,
)


def lint_procedure(read: ReadProcedure) -> tuple[Fault, ...]:
    """Run every lint; faults come by file and line."""
    faults = [fault for lint in LINTS for fault in lint(read).check()]
    return tuple(sorted(faults, key=lambda fault: (str(fault.place.path), fault.place.line or 0, str(fault))))
