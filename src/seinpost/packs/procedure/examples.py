"""Gate 4 of a procedure: its worked dates, run as tests. How a date is reckoned is a higher room's, so it comes in."""

from __future__ import annotations

from collections.abc import Callable

from seinpost.errors import Fault
from seinpost.packs.procedure.build import ReadProcedure
from seinpost.packs.procedure.procedure import Deadline

Reckon = Callable[[Deadline, str], tuple[str, str]]  # local start -> local due and very late


def check_examples(read: ReadProcedure, reckon: Reckon) -> tuple[Fault, ...]:
    """Run every worked date and give a fault for each that comes out otherwise, and for each deadline without one."""
    sheet = read.sheets["examples.yaml"]
    deadlines = {deadline.code: deadline for deadline in read.procedure.deadlines}
    faults = []
    for number, example in enumerate(read.procedure.examples):
        if example.deadline not in deadlines:
            place = sheet.place(number, "deadline")
            faults.append(Fault(place, "is no deadline", example.deadline, ", ".join(deadlines)))
            continue
        found = reckon(deadlines[example.deadline], example.start)
        for field, expected, got in zip(("due", "very_late"), (example.due, example.very_late), found, strict=True):
            if expected != got:
                faults.append(Fault(sheet.place(number, field), "comes out otherwise", got, expected))
    shown = {example.deadline for example in read.procedure.examples}
    faults += [Fault(sheet.place(), "has no worked date for", code) for code in deadlines if code not in shown]
    return tuple(faults)
