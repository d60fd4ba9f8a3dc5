"""The officer's form: what is asked, what is still needed; no answer gets lost or counted where it must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.world import plan

from seinpost.packs.procedure.procedure import Prompt
from seinpost.packs.procedure.terms import Ask, Goes, Profile
from seinpost.process.filing import interview

FORMS = {"ARB": ("arbeid", "labour"), "SEKS": ("seksueel", "sexual")}
WHOLE = {
    "danger": ["no"],
    "minor": ["unknown"],
    "channel": ["desk"],
    "protect": ["no"],
    "what": ["Zij moest haar loon afgeven."],
}


def codes(answers: interview.Answers) -> list[str]:
    return [prompt.code for prompt in interview.asked(plan(), answers)]


def test_danger_and_age_are_asked_before_anything_else() -> None:
    assert codes({})[:2] == ["danger", "minor"]


def test_a_protected_channel_never_asks_who_the_source_is() -> None:
    assert {"protect", "reporter"} & set(codes({"channel": ["anonymous-line"], "protect": ["no"]})) == set()
    assert "reporter" not in codes({"channel": ["desk"], "protect": ["confidential"]})
    assert "reporter" in codes({"channel": ["desk"], "protect": ["no"]})
    assert "reporter" not in codes({"channel": ["desk"]})  # not known yet


def test_a_name_given_before_the_source_was_protected_goes_nowhere() -> None:
    answers = WHOLE | {"reporter": ["Jan de Buurman"], "protect": ["confidential"]}
    told = interview.tell(plan(), answers, Profile.POLITIE, FORMS)
    assert told.compartment == "confidential"
    assert "Buurman" not in repr(told)


def test_language_stands_beside_the_registration_and_never_in_its_words() -> None:
    answers = WHOLE | {"interpreter": ["yes"], "interpreter-language": ["Fanti"]}
    told = interview.tell(plan(), answers, Profile.POLITIE, FORMS)
    assert "Fanti" not in told.text
    assert told.details["interpreter-language"] == "Fanti"
    assert told.details["interpreter"] == "Ja"
    assert "interpreter-language" not in codes(WHOLE | {"interpreter": ["no"]})


def test_several_victims_and_places_are_numbered_and_one_is_not() -> None:
    answers = WHOLE | {"victims": ["vrouw, rond 20", "man, litteken"], "places": ["Kade 3"]}
    text = interview.tell(plan(), answers, Profile.POLITIE, FORMS).text
    assert "Mogelijke slachtoffers:\n1. vrouw, rond 20\n2. man, litteken" in text
    assert "Plaatsen:\nKade 3" in text
    assert text.startswith("Zij moest haar loon afgeven.\n\n")  # lists show the first line


def test_what_is_not_told_is_missing_and_i_do_not_know_tells_nothing() -> None:
    told = interview.tell(plan(), WHOLE, Profile.POLITIE, FORMS)
    assert set(told.missing) == set(plan().questions)
    more = WHOLE | {"minor": ["no"], "places": ["Kade 3"], "when": ["gisteren"]}
    assert set(interview.tell(plan(), more, Profile.POLITIE, FORMS).missing) == set(plan().questions) - {
        "age",
        "where",
        "when",
    }


@pytest.mark.parametrize("profile", Profile)
def test_each_service_chooses_from_its_own_channels_that_a_person_uses(profile: Profile) -> None:
    prompt = next(p for p in plan().prompts if p.sets is Goes.CHANNEL)
    found = {option.code for option in interview.options(plan(), prompt, profile, FORMS)}
    own = {code for code, channel in plan().channels.items() if profile in channel.profiles}
    assert found == own - {"scan", "history"}


def test_only_what_is_required_and_applies_is_still_needed() -> None:
    assert [p.code for p in interview.still_needed(plan(), {})] == ["danger", "minor", "channel", "what"]
    assert interview.still_needed(plan(), WHOLE) == ()


@st.composite
def filled(draw: st.DrawFn) -> dict[str, list[str]]:
    def answer(prompt: Prompt) -> st.SearchStrategy[list[str]]:
        choices = [option.code for option in interview.options(plan(), prompt, Profile.POLITIE, FORMS)]
        if prompt.kind is Ask.ONE:
            return st.sampled_from(choices).map(lambda code: [code])
        if prompt.kind is Ask.SOME:
            return st.lists(st.sampled_from(choices), unique=True)
        return st.lists(st.text("abc xyz", min_size=1), max_size=3 if prompt.kind is Ask.LIST else 1)

    return {p.code: draw(answer(p)) for p in plan().prompts if p.code in WHOLE or draw(st.booleans())}


@given(filled())
def test_walking_the_form_meets_every_question_once_and_back(answers: dict[str, list[str]]) -> None:
    prompts = interview.asked(plan(), answers)
    met, at = [], prompts[0]
    while at is not None:
        met.append(at.code)
        following = interview.after(prompts, at.code)
        if following is not None:
            assert interview.before(prompts, following.code) == at
        at = following  # type: ignore[assignment]
    assert met == [p.code for p in prompts]


@given(filled())
def test_every_answer_that_applies_is_in_the_signal(answers: dict[str, list[str]]) -> None:
    if interview.still_needed(plan(), answers):
        return
    told = interview.tell(plan(), answers, Profile.POLITIE, FORMS)
    for prompt in interview.asked(plan(), answers):
        for text in answers.get(prompt.code, ()):
            if prompt.sets is Goes.TEXT:
                assert text in told.text
            elif prompt.sets is Goes.DETAILS and prompt.kind is not Ask.ONE:
                assert text in told.details[prompt.code]
    assert told.urgency.risk_to_life is (answers["danger"] == ["yes"])
    assert told.urgency.minor is (answers["minor"] == ["yes"])
    assert set(told.forms) == set(answers.get("forms", ()))
