"""Gate 3 for the officer's form: what is well-formed in intake.yaml and still wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from seinpost.packs.procedure.procedure import Procedure, Prompt
from seinpost.packs.procedure.terms import Ask, Goes, ListName, OptionsFrom

CHOSEN = frozenset((Ask.ONE, Ask.SOME))
ONCE = frozenset(Goes) - {Goes.TEXT, Goes.DETAILS}
FIRST = (Goes.RISK_TO_LIFE, Goes.MINOR)
Wrong = tuple[int, str, str, str]  # which question, the field, the problem, the value


def faults(plan: Procedure) -> Iterator[Wrong]:
    """Everything wrong with the questions, by their place."""
    if tuple(prompt.sets for prompt in plan.prompts[:2]) != FIRST:
        yield 0, "sets", "danger and then age must be asked first", plan.prompts[0].sets.value if plan.prompts else ""
    counts = Counter(prompt.sets for prompt in plan.prompts)
    for goes in sorted(ONCE):
        if counts[goes] != 1:
            yield 0, "sets", f"is set by {counts[goes]} questions, not by one", goes.value
    if not any(prompt.sets is Goes.TEXT and prompt.required and not prompt.when for prompt in plan.prompts):
        yield 0, "required", "no required question gives the words of the registration", ""
    earlier: dict[str, Prompt] = {}
    for number, prompt in enumerate(plan.prompts):
        yield from ((number, *wrong) for wrong in of_one(prompt, plan))
        yield from ((number, *wrong) for wrong in of_conditions(prompt, plan, earlier))
        earlier[prompt.code] = prompt


def of_one(prompt: Prompt, plan: Procedure) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one question by itself."""
    if (prompt.kind in CHOSEN) is not bool(prompt.options or prompt.options_from):
        yield "kind", "has options if, and only if, they are chosen from", prompt.kind.value
    if bool(prompt.hint.nl) is not bool(prompt.hint.en):
        yield "hint_nl", "has a hint in one language only", prompt.hint.nl or prompt.hint.en
    if prompt.identifies and prompt.sets is not Goes.DETAILS:
        yield "identifies", "can be said of a detail only: all else is read by everybody", prompt.sets.value
    for code in sorted(prompt.without - source_of(prompt, plan).keys()):
        yield "except", "is no option", code
    for code in sorted(prompt.fills - plan.questions.keys()):
        yield "fills", "is no question of quality.yaml", code


def of_conditions(prompt: Prompt, plan: Procedure, earlier: Mapping[str, Prompt]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with when it is asked."""
    for when in prompt.when:
        asked = earlier.get(when.question)
        if asked is None:
            yield "when", "is no earlier question", when.question
            continue
        if bool(when.any) is bool(when.other):
            yield "when", "names either answers that ask it or, with not, answers that do not", when.question
        for code in sorted((when.any | when.other) - options_of(asked, plan).keys()):
            yield "when", f"is no answer to {when.question}", code


def options_of(prompt: Prompt, plan: Procedure) -> dict[str, str]:
    """The options of a question, for any service: code and Dutch text."""
    own = {code: label.nl for code, label in prompt.options}
    return own | {code: text for code, text in source_of(prompt, plan).items() if code not in prompt.without}


def source_of(prompt: Prompt, plan: Procedure) -> dict[str, str]:
    """What a question takes its options from; forms are of the rule pack and not known here."""
    if prompt.options_from is OptionsFrom.CHANNELS:
        return {code: channel.label.nl for code, channel in plan.channels.items()}
    if prompt.options_from is OptionsFrom.COMPARTMENTS:
        return {code: entry.label.nl for code, entry in plan.lists[ListName.COMPARTMENTS].items()}
    return {}
