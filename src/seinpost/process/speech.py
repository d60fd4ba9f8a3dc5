"""From codes to sentences, Dutch or English, at reading time: what a refusal tells a person."""

from __future__ import annotations

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import ListName, Refusal
from seinpost.process.shapes import Reason, Refused

SEPARATOR = ", "


def reference(service: str, number: int) -> str:
    """How people name a signal: the first letter of its service and its number."""
    return f"{service[:1].upper()}-{number:06d}"


def say(refused: Refused, plan: Procedure, language: str) -> tuple[str, ...]:
    """One sentence for each reason, in "nl" or "en"."""
    return tuple(say_reason(reason, plan, language) for reason in refused.reasons)


def say_reason(reason: Reason, plan: Procedure, language: str) -> str:
    """The sentence of one reason, its codes put in words."""
    frame = plan.refusals[Refusal(reason.code)].told(language)
    return frame.format(**{name: _word(name, value, plan, language) for name, value in reason.params})


def _word(name: str, value: str, plan: Procedure, language: str) -> str:
    if name == "phase":
        return plan.names["phase"][value].told(language)
    labels = _labels(name, plan, language)
    return SEPARATOR.join(labels.get(code, code) for code in value.split(SEPARATOR))


def _labels(name: str, plan: Procedure, language: str) -> dict[str, str]:
    if name == "steps":
        return {step.code: step.label.told(language) for steps in plan.steps.values() for step in steps}
    if name == "criteria":
        return {found.code: found.label.told(language) for listed in plan.criteria.values() for found in listed}
    if name == "leads":
        return {code: entry.label.told(language) for code, entry in plan.lists[ListName.LEADS].items()}
    if name == "kinds":
        return {code: entry.label.told(language) for code, entry in plan.lists[ListName.ATTACHMENTS].items()}
    return {}
