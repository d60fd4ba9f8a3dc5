"""From victim.yaml to the frozen plan of the victim's own track, and what is well-formed in it and still wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seinpost.packs.procedure import model
from seinpost.packs.procedure.procedure import Arrangement, Basis, Entry, Label, Resting, Term, VictimPlan, VictimStep

STEPS = ("plan-talk", "hold-talk", "follow-talk", "report-reflection", "end-reflection")
"""The steps that the process sets by itself."""
GROUNDS = ("regular", "dublin")
INTERVIEWER = "interviewer"
PROSECUTION = frozenset(("prosecutor", "court"))


def victim_plan(sheet: model.VictimSheet) -> VictimPlan:
    """The plan of a sheet."""
    return VictimPlan(
        steps={
            one.code: VictimStep(one.code, label(one), one.length, one.very_late, one.calendar, one.special, basis(one))
            for one in sheet.steps
        },
        arrangements={
            one.code: Arrangement(one.code, label(one), one.special, basis(one)) for one in sheet.arrangements
        },
        presence=entries(sheet.presence),
        topics=entries(sheet.topics),
        recipients=entries(sheet.recipients),
        bodies=entries(sheet.bodies),
        resting={one.code: Resting(one.code, label(one), one.untried, basis(one)) for one in sheet.resting},
        reflection={one.code: term(one) for one in sheet.reflection},
        report=term(sheet.report),
    )


def entries(parts: Iterable[model.EntryPart]) -> dict[str, Entry]:
    """A list by code."""
    return {one.code: Entry(one.code, label(one), basis(one), one.always) for one in parts}


def term(part: model.TermPart) -> Term:
    """How long something lasts."""
    return Term(part.length, part.calendar, label(part), basis(part))


def label(part: model.Worded) -> Label:
    """What a person reads."""
    return Label(part.nl, part.en)


def basis(part: model.Based) -> Basis:
    """Where a value comes from."""
    return Basis(part.source, part.authority, part.since)


def based(sheet: model.VictimSheet) -> Iterator[tuple[tuple[str | int, ...], model.Worded]]:
    """Every value of the sheet with its place."""
    for name in model.VictimSheet.model_fields:
        found = getattr(sheet, name)
        if isinstance(found, model.Worded):
            yield (name,), found
        else:
            yield from (((name, number), one) for number, one in enumerate(found))


def faults(sheet: model.VictimSheet) -> Iterator[tuple[tuple[str | int, ...], str, str, str]]:
    """Place, problem, value, what is allowed: steps and grounds are all there, and no court decides who is a victim."""
    seen: set[tuple[str | int, str]] = set()
    for place, one in based(sheet):
        if (place[0], one.code) in seen:
            yield place, "stands there twice", one.code, "each once"
        seen.add((place[0], one.code))
    for name, wanted in (("steps", STEPS), ("reflection", GROUNDS), ("presence", (INTERVIEWER,))):
        for code in wanted:
            if (name, code) not in seen:
                yield (name,), "is missing", code, ", ".join(wanted)
    for number, body in enumerate(sheet.bodies):
        if body.code in PROSECUTION:
            yield ("bodies", number), "a criminal case decides on no victimhood", body.code, "another body"
    if not any(one.special for one in sheet.arrangements):
        yield ("arrangements",), "nothing is arranged for minors", "", "special: true for one at least"
