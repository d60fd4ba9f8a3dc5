"""Facts as the store keeps them: exact both ways, words apart, faults named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.world import ANA, NOW, SYSTEM, W, closed, did, do, in_phase, registration

from seinpost.errors import InputError
from seinpost.packs.procedure.terms import Phase
from seinpost.process import commands as c
from seinpost.process.codec import from_plain, to_plain, view_from_plain, view_to_plain
from seinpost.process.events import FACTS, Closed, Escalated, Fact, Noted, Registered
from seinpost.process.people import Words
from seinpost.process.shapes import Escalation, Holder, NextAction, Refused

st.register_type_strategy(Words, st.text().map(Words))
facts = st.sampled_from(sorted(FACTS)).flatmap(lambda kind: st.from_type(FACTS[kind]))


@settings(max_examples=300, deadline=None)
@given(fact=facts)
def test_every_fact_comes_back_as_it_went(fact: Fact) -> None:
    stored = json.loads(json.dumps(to_plain(fact)))
    again = from_plain(fact.kind, fact.version, stored)
    assert again == fact
    assert type(again) is type(fact)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_snapshot_comes_back_as_it_went(phase: Phase) -> None:
    view = did(in_phase(phase), c.BreakGlass(words=W), ANA, NOW)
    assert view_from_plain(json.loads(json.dumps(view_to_plain(view)))) == view


def test_a_snapshot_of_another_shape_is_folded_anew() -> None:
    plain = view_to_plain(closed())
    del plain["reopened"]
    with pytest.raises(InputError):
        view_from_plain(plain)


def words_in(plain: Any) -> list[str]:
    """Every text marked as words in a payload."""
    if isinstance(plain, Mapping):
        if set(plain) == {"words"} and isinstance(plain["words"], str):
            return [plain["words"]]
        return [found for value in plain.values() for found in words_in(value)]
    return [found for value in plain for found in words_in(value)] if isinstance(plain, list) else []


def texts_in(plain: Any) -> list[str]:
    """Every text in a payload that is not marked as words."""
    if isinstance(plain, Mapping):
        if set(plain) == {"words"} and isinstance(plain["words"], str):
            return []
        return [found for value in plain.values() for found in texts_in(value)]
    if isinstance(plain, list):
        return [found for value in plain for found in texts_in(value)]
    return [plain] if isinstance(plain, str) else []


def test_what_a_person_typed_stands_apart_everywhere() -> None:
    closing = closed().standing.closing
    assert closing is not None
    plain = to_plain(Closed(closed().opinions[0], closing))
    assert words_in(plain) == [W] * (3 + len(closing.leads))
    assert W not in texts_in(plain)


def registered() -> Registered:
    result = do(None, registration(), SYSTEM, NOW)
    assert not isinstance(result, Refused)
    fact = result[0].fact
    assert isinstance(fact, Registered)
    return fact


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("profile",), "fiod", "registered.profile: 'fiod' (allowed: Profile)"),
        (("from_scan",), "yes", "registered.from_scan: 'yes' (allowed: bool)"),
        (("forms",), "ARB", "registered.forms: 'ARB' (allowed: a list)"),
        (("received_at",), "gisteren", "registered.received_at: 'gisteren' (allowed: datetime)"),
        (("next", "by", "unit"), None, "registered.next.by.unit: None (allowed: str)"),
        (("owner",), {"unit": "x"}, "registered.owner: ['unit'] (allowed: the fields unit, person)"),
    ],
)
def test_a_stored_event_that_is_wrong_is_named(path: tuple[str, ...], value: object, expected: str) -> None:
    plain = to_plain(registered())
    part: Any = plain
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(InputError) as caught:
        from_plain("registered", 1, plain)
    assert expected in str(caught.value)


def test_unknown_kinds_and_versions_are_refused() -> None:
    plain = to_plain(Noted(W))
    for kind, version in (("notted", 1), ("noted", 2), ("noted", 0)):
        with pytest.raises(InputError):
            from_plain(kind, version, plain)
    with pytest.raises(InputError):
        from_plain("noted", 1, {"words": "loose text"})


def test_kinds_are_stable_names() -> None:
    """A stored chain names these for years: one may be added, none renamed or reused."""
    assert " ".join(sorted(FACTS)) == (
        "action-planned assigned attached attachment-erased closed closing-proposed confirmed corrected "
        "decision-undone disagreed dismissed doubted escalated glass-broken glass-reviewed join-ended join-received "
        "joined looked-up marked-urgent noted paused postponed registered released reopened restricted "
        "restriction-lifted resumed rule-suppressed rule-unsuppressed silenced source-protected step-waived submitted "
        "taken task-added task-escalated task-finished weighed"
    )
    assert {kind: fact.version for kind, fact in FACTS.items() if fact.version != 1} == {"escalated": 2}


def test_an_event_of_an_older_version_is_brought_up_to_date() -> None:
    action = NextAction("decide-escalation", Holder("avim"), NOW, NOW, NOW)
    new = Escalated(Escalation(1, Holder("avim"), W, "system", NOW), action)
    plain = to_plain(new)
    del plain["escalation"]["people"]
    assert from_plain("escalated", 1, plain) == new
