"""Whether silent rules keep a flagged registration out of the queue: what is left without them decides.

Never what a person filed, danger, a minor, or an indicator that the pack says is never silent. What is told here is
conservative: where the sum cannot tell what an addend rests on, it counts as left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Setting
from seinpost.process.guarantee import is_sampled
from seinpost.process.shapes import Suppression, Urgency

INDICATOR, COUNTER = "indicator", "counter"
OF_THE_TEXT = frozenset(("resemblance", "encoder"))
"""Kinds of addend that the readers give: of the text as a whole, of no rule."""
FOR_PEOPLE = frozenset("ABC")
SALT = "silent-sample"


@dataclass(frozen=True, slots=True)
class Addend:
    """One contribution of a score: the rule it is of, its kind, its weight."""

    rule: str
    kind: str
    weight: float


def silenced_by(
    layer: str,
    addends: Sequence[Addend],
    entities: Collection[str],
    running: Iterable[Suppression],
    urgency: Urgency,
    *,
    today: date,
    plan: Procedure,
) -> tuple[Suppression, ...]:  # budget: what a registration is, and what is silent
    """The silent rules that keep a registration out of the queue; none when it goes there.

    `entities` are what its text names, as a suppression names them. A suppression counts if, and only if, it runs
    today,
    is for an entity of the text, and of a rule that may be silent.
    """
    if layer not in FOR_PEOPLE or urgency.any:
        return ()
    said = {one.rule for one in addends if one.kind == INDICATOR}
    meant = [
        one
        for one in running
        if one.until > today and one.entity in entities and one.rule in said and one.rule not in plan.never_silent
    ]
    silent = {one.rule for one in meant}
    if not silent or left(addends, silent) >= plan.settings[Setting.SILENCE_BELOW]:
        return ()
    return tuple(sorted(set(meant), key=lambda one: (one.rule, one.entity, one.until)))


def left(addends: Iterable[Addend], silent: Collection[str]) -> float:
    """What the score weighs without the silent rules.

    Combinations, dimensions and a minor's share count in full as long as any other indicator was found, since they may
    rest on it; what took weight away gives it back. A resemblance is of the text, and always counts.
    """
    kept = [one for one in addends if one.rule not in silent and one.kind != COUNTER and one.weight >= 0]
    if any(one.kind == INDICATOR for one in kept):
        return sum(one.weight for one in kept)
    return sum(one.weight for one in kept if one.kind in OF_THE_TEXT)


def is_silent_sample(digest: str, plan: Procedure) -> bool:
    """Whether a silenced registration goes to the queue anyway: by the digest of its words, always the same answer."""
    return is_sampled(digest, SALT, plan.settings[Setting.SILENT_SAMPLE_PER_MILLE])
