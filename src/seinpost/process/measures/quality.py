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


OF_ASPECT = {"who": ("who-victim", "who-suspect"), "where": ("where",), "when": ("when",)}
"""The questions that a scanned text answers when something of an aspect was found in it."""


def not_told(plan: Procedure, told: frozenset[str]) -> tuple[str, ...]:
    """The questions of which nothing was found in a text, heaviest first; `told`: aspects of which something was.

    Only who, where and when are looked for: what the scan does not look for is neither told nor missing.
    """
    wanted = {code for aspect, codes in OF_ASPECT.items() if aspect not in told for code in codes}
    return tuple(code for code in rate(plan, frozenset()).missing if code in wanted)


def aspects_open(missing: tuple[str, ...]) -> tuple[str, ...]:
    """The aspects of which a question is still open, in the order who, where, when."""
    return tuple(aspect for aspect, codes in OF_ASPECT.items() if set(codes) & set(missing))
