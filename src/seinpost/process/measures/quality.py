"""What a registration leaves out: a share of what it should tell, and the questions to ask its author back."""

from __future__ import annotations

from dataclasses import dataclass

from seinpost.packs.procedure.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` is a whole percentage of the weights that are answered; `missing` the open questions, heaviest first."""

    score: int
    missing: tuple[str, ...]


def rate(plan: Procedure, answered: frozenset[str]) -> Quality:
    """The quality of a registration that answers these questions of the pack; others are ignored.

    It says what to ask. It never moves a signal down the queue: a poor registration is a reason to ask, not to wait.
    """
    total = sum(question.weight for question in plan.questions.values())
    known = sum(question.weight for question in plan.questions.values() if question.code in answered)
    missing = [question for question in plan.questions.values() if question.code not in answered]
    missing.sort(key=lambda question: -question.weight)
    return Quality(100 * known // total, tuple(question.code for question in missing))
