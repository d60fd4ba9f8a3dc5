"""What the answers of the officer's form ask next, what is still needed, and what they make: pure, for web and paper.

Answers are lists of texts by question: a code for one option, codes for several, words once or as many times as there
are people or places. An empty list is no answer; an answer to a question that no longer applies is kept and not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seinpost.packs.procedure.procedure import Channel, Procedure, Prompt, When
from seinpost.packs.procedure.terms import Ask, Goes, ListName, OptionsFrom, Profile
from seinpost.process.measures.quality import rate
from seinpost.process.shapes import Urgency

YES, NO, UNKNOWN = "yes", "no", "unknown"
MOST = 20  # people or places in one list
LONGEST = {Ask.LINE: 200, Ask.WORDS: 10_000, Ask.LIST: 2_000}
Answers = Mapping[str, Sequence[str]]
Names = Mapping[str, tuple[str, str]]  # forms of exploitation: Dutch and English


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, in both languages."""

    code: str
    nl: str
    en: str

    def told(self, language: str) -> str:
        """The text in "nl" or "en"."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers make of a signal."""

    text: str
    channel: str
    forms: tuple[str, ...]
    urgency: Urgency
    compartment: str
    missing: tuple[str, ...]
    details: Mapping[str, str]


def asked(plan: Procedure, answers: Answers) -> tuple[Prompt, ...]:
    """The questions that apply: every condition on an earlier question holds, and that question applies too."""
    applies: list[Prompt] = []
    for prompt in plan.prompts:
        known = {earlier.code for earlier in applies}
        if all(when.question in known and holds(when, answers) for when in prompt.when):
            applies.append(prompt)
    return tuple(applies)


def holds(when: When, answers: Answers) -> bool:
    """Whether the earlier question was answered as the condition wants."""
    given = set(answers.get(when.question, ()))
    return bool(given) and (bool(given & when.any) if when.any else not given & when.other)


def options(plan: Procedure, prompt: Prompt, profile: Profile, forms: Names) -> tuple[Option, ...]:
    """What can be chosen, for a service of this profile."""
    own = [Option(code, label.nl, label.en) for code, label in prompt.options]
    return (*own, *(option for option in borrowed(plan, prompt, profile, forms) if option.code not in prompt.without))


def borrowed(plan: Procedure, prompt: Prompt, profile: Profile, forms: Names) -> Iterator[Option]:
    """The options a question takes from elsewhere."""
    if prompt.options_from is OptionsFrom.CHANNELS:
        channels: list[Channel] = [channel for channel in plan.channels.values() if profile in channel.profiles]
        yield from (Option(channel.code, channel.label.nl, channel.label.en) for channel in channels)
    elif prompt.options_from is OptionsFrom.COMPARTMENTS:
        entries = plan.lists[ListName.COMPARTMENTS].values()
        yield from (Option(entry.code, entry.label.nl, entry.label.en) for entry in entries)
    elif prompt.options_from is OptionsFrom.FORMS:
        yield from (Option(code, nl, en) for code, (nl, en) in forms.items())


def after(prompts: Sequence[Prompt], code: str) -> Prompt | None:
    """The question after this one; None at the end. Of a question that does not apply: the first."""
    codes = [prompt.code for prompt in prompts]
    at = codes.index(code) + 1 if code in codes else 0
    return prompts[at] if at < len(prompts) else None


def before(prompts: Sequence[Prompt], code: str) -> Prompt | None:
    """The question before this one; None at the beginning."""
    codes = [prompt.code for prompt in prompts]
    at = codes.index(code) if code in codes else 0
    return prompts[at - 1] if at > 0 else None


def still_needed(plan: Procedure, answers: Answers) -> tuple[Prompt, ...]:
    """Required questions that apply and have no answer."""
    return tuple(prompt for prompt in asked(plan, answers) if prompt.required and not answers.get(prompt.code))


def is_danger(plan: Procedure, answers: Answers) -> bool:
    """Whether somebody's life is in danger, as far as answered."""
    return any(p.sets is Goes.RISK_TO_LIFE and YES in answers.get(p.code, ()) for p in plan.prompts)


def answered(plan: Procedure, answers: Answers) -> frozenset[str]:
    """The questions of the quality that the answers fill: "I do not know" fills none."""
    return frozenset(code for p in asked(plan, answers) if set(answers.get(p.code, ())) - {UNKNOWN} for code in p.fills)


def tell(plan: Procedure, answers: Answers, profile: Profile, forms: Names) -> Told:
    """What the answers make of a signal; every required question must be answered."""
    prompts = asked(plan, answers)
    by = {p.sets: tuple(answers.get(p.code, ())) for p in prompts if p.sets not in (Goes.TEXT, Goes.DETAILS)}
    compartment = next((code for code in by.get(Goes.COMPARTMENT, ()) if code != NO), "")
    return Told(
        text="\n\n".join(paragraphs(prompts, answers)),
        channel=by[Goes.CHANNEL][0],
        forms=by.get(Goes.FORMS, ()),
        urgency=Urgency(YES in by.get(Goes.RISK_TO_LIFE, ()), YES in by.get(Goes.MINOR, ())),
        compartment=compartment,
        missing=rate(plan, answered(plan, answers)).missing,
        details=dict(beside(plan, prompts, answers, profile, forms)),
    )


def paragraphs(prompts: Sequence[Prompt], answers: Answers) -> Iterator[str]:
    """The words of the registration: every answer under its title; several people or places as a list.

    The first stands without one: lists of signals show the first line of the words.
    """
    begun = False
    for prompt in prompts:
        given = [text for text in answers.get(prompt.code, ()) if text]
        if prompt.sets is Goes.TEXT and given:
            listed = given if len(given) == 1 else [f"{number}. {text}" for number, text in enumerate(given, 1)]
            yield "\n".join([f"{prompt.title.nl}:", *listed] if begun else listed)
            begun = True


def beside(
    plan: Procedure, prompts: Sequence[Prompt], answers: Answers, profile: Profile, forms: Names
) -> Iterator[tuple[str, str]]:
    """What stands beside the registration, by question, as a Dutch reader has it."""
    for prompt in prompts:
        given = answers.get(prompt.code, ())
        if prompt.sets is Goes.DETAILS and given:
            named = {option.code: option.nl for option in options(plan, prompt, profile, forms)}
            yield prompt.code, "; ".join(named.get(text, text) for text in given)
