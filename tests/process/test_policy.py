"""Rights: `may` and `visible` agree, services stay apart, and a plain reference written otherwise says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.world import ANA, CO, FAR, LONG_AGO, NOW, PRIVA, SYSTEM, grant, person

from seinpost.packs.procedure.terms import LOOKS, Processing, Purpose, Role, Task, Verb
from seinpost.process.people import Actor, Glass, Grant, Thing, Training, Words
from seinpost.process.policy import BY_VERB, RULES, TRAINING, may, visible
from seinpost.process.shapes import Allowed, Refused

NAMES = ("ana", "ben", "cas")
UNITS = ("u1", "u2", "u3")
TASKS = (Task.POLICE, Task.ALIENS)
PROCESSINGS = (Processing.WPG_8, Processing.WPG_9)
hours = st.integers(-3, 3).map(lambda n: NOW + timedelta(hours=n))
grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    task=st.sampled_from(TASKS),
    processing=st.sampled_from(PROCESSINGS),
    purposes=st.frozensets(st.sampled_from(Purpose), min_size=1),
    starts=hours,
    ends=hours,
    units=st.none() | st.frozensets(st.sampled_from(UNITS)),
    compartments=st.frozensets(st.sampled_from(("tci", "mma"))),
)
actors = st.builds(
    Actor,
    id=st.sampled_from(NAMES),
    service=st.sampled_from(("politie", "nla")),
    unit=st.sampled_from(UNITS),
    grants=st.lists(grants, max_size=4).map(tuple),
    training=st.sampled_from(((), (Training(TRAINING, date(2026, 11, 30)),), (Training(TRAINING, date(2026, 12, 1)),))),
)
glasses = st.builds(
    Glass, person=st.sampled_from(NAMES), since=hours, until=hours, words=st.just(Words("nood")), reviewed=st.booleans()
)
things = st.builds(
    Thing,
    service=st.sampled_from(("politie", "nla")),
    unit=st.sampled_from(UNITS),
    task=st.sampled_from(TASKS),
    processing=st.sampled_from(PROCESSINGS),
    practice=st.booleans(),
    need_to_know=st.frozensets(st.sampled_from(NAMES), max_size=2),
    compartment=st.sampled_from(("", "tci", "mma")),
    asked=st.frozensets(st.sampled_from(NAMES), max_size=1),
    glass=st.lists(glasses, max_size=2).map(tuple),
)


@settings(max_examples=1000, deadline=None)
@given(actor=actors, thing=things, purpose=st.sampled_from(Purpose), verb=st.sampled_from(sorted(LOOKS)))
def test_may_and_visible_agree(actor: Actor, thing: Thing, purpose: Purpose, verb: Verb) -> None:
    allowed = isinstance(may(actor, verb, thing, purpose, NOW), Allowed)
    assert visible(actor, NOW, purpose, verb).admits(thing, NOW) == allowed


@settings(max_examples=600, deadline=None)
@given(actor=actors, thing=things, purpose=st.sampled_from(Purpose), verb=st.sampled_from(Verb))
def test_what_is_never_allowed(actor: Actor, thing: Thing, purpose: Purpose, verb: Verb) -> None:
    """Stated without the table: the limits nobody's rights go past."""
    if isinstance(may(actor, verb, thing, purpose, NOW), Refused):
        return
    assert actor.service == thing.service
    running = [g for g in actor.grants if g.starts <= NOW < g.ends and purpose in g.purposes]
    assert running
    if thing.need_to_know and actor.id not in thing.need_to_know and not any(g.role is Role.SYSTEM for g in running):
        broke = any(g.person == actor.id and g.since <= NOW < g.until for g in thing.glass)
        assert broke or verb in (
            Verb.COUNT,
            Verb.READ_LOG,
            Verb.MANAGE_PEOPLE,
            Verb.BREAK_GLASS,
            Verb.REVIEW_GLASS,
            Verb.ANSWER,
        )
    if verb is Verb.READ_SOURCE:
        assert any(thing.compartment in g.compartments for g in running)
    if verb in (Verb.WEIGH, Verb.AGREE, Verb.DISMISS, Verb.EXPORT) and purpose is not Purpose.OVERSIGHT:
        assert any(t.until > date(2026, 11, 30) for t in actor.training)
    if all(g.role is Role.TRAINEE for g in running):
        assert thing.practice or verb is Verb.ANSWER
    if all(g.role in (Role.AUDITOR, Role.ADMINISTRATOR) for g in running):
        assert verb in (Verb.COUNT, Verb.READ_LOG, Verb.MANAGE_PEOPLE)


THING = Thing("politie", "u1", Task.POLICE, Processing.WPG_8)


@pytest.mark.parametrize(
    ("actor", "verb", "thing", "purpose", "code"),
    [
        (replace(ANA, service="nla"), Verb.READ, THING, Purpose.FOLLOW_UP, "other-service"),
        (ANA, Verb.WEIGH, THING, Purpose.FOLLOW_UP, "no-grant"),
        (ANA, Verb.READ, THING, Purpose.OVERSIGHT, "wrong-purpose"),
        (
            replace(ANA, grants=(grant(Role.ANALYST, units=frozenset(("u2",))),)),
            Verb.READ,
            THING,
            Purpose.FOLLOW_UP,
            "other-unit",
        ),
        (ANA, Verb.READ, replace(THING, task=Task.ALIENS), Purpose.FOLLOW_UP, "other-task"),
        (ANA, Verb.READ, replace(THING, processing=Processing.WPG_10), Purpose.FOLLOW_UP, "other-task"),
        (ANA, Verb.READ, replace(THING, need_to_know=frozenset(("co",))), Purpose.FOLLOW_UP, "need-to-know"),
        (CO, Verb.READ_SOURCE, replace(THING, compartment="tci"), Purpose.FOLLOW_UP, "compartment"),
        (person("x", Role.ANALYST, trained=False), Verb.CONFIRM, THING, Purpose.FOLLOW_UP, "not-trained"),
        (person("x", Role.TRAINEE), Verb.READ, THING, Purpose.TRAINING, "practice-only"),
        (ANA, Verb.ANSWER, THING, Purpose.FOLLOW_UP, "not-asked"),
        (SYSTEM, Verb.CONFIRM, THING, Purpose.GUARDING, "only-for-persons"),
        (ANA, Verb.REGISTER, THING, Purpose.FOLLOW_UP, "only-for-system"),
        (
            replace(ANA, grants=(grant(Role.ANALYST, starts=LONG_AGO, ends=NOW),)),
            Verb.READ,
            THING,
            Purpose.FOLLOW_UP,
            "no-grant",
        ),
        (PRIVA, Verb.READ, replace(THING, need_to_know=frozenset(("co",))), Purpose.OVERSIGHT, "need-to-know"),
    ],
)
def test_every_reason_of_a_no(actor: Actor, verb: Verb, thing: Thing, purpose: Purpose, code: str) -> None:
    verdict = may(actor, verb, thing, purpose, NOW)
    assert isinstance(verdict, Refused)
    assert verdict.codes == (code,)


def test_a_grant_runs_from_its_first_moment_to_before_its_last() -> None:
    short = grant(Role.ANALYST, starts=NOW, ends=NOW + timedelta(hours=1))
    assert [short.runs(NOW + timedelta(microseconds=m)) for m in (-1, 0, 3_599_999_999, 3_600_000_000)] == [
        False,
        True,
        True,
        False,
    ]


def test_emergency_access_opens_reading_for_its_hour_inside_the_service_only() -> None:
    glass = Glass("ana", NOW, NOW + timedelta(hours=1), Words("nood"))
    closed = replace(THING, need_to_know=frozenset(("co",)), glass=(glass,))
    for moment, open_ in ((NOW, True), (NOW + timedelta(minutes=59), True), (NOW + timedelta(hours=1), False)):
        verdict = may(ANA, Verb.READ, closed, Purpose.EMERGENCY, moment)
        assert isinstance(verdict, Allowed) == open_
    assert isinstance(may(ANA, Verb.NOTE, closed, Purpose.EMERGENCY, NOW), Refused)
    assert isinstance(may(ANA, Verb.READ, replace(closed, service="kmar"), Purpose.EMERGENCY, NOW), Refused)
    assert isinstance(may(ANA, Verb.READ_SOURCE, replace(closed, compartment="tci"), Purpose.EMERGENCY, NOW), Refused)


def test_the_table_names_every_verb_and_every_role() -> None:
    assert set(Verb) == {verb for rule in RULES for verb in rule.verbs}
    assert set(Role) == {role for rule in RULES for role in rule.roles}
    assert all(BY_VERB[verb] for verb in Verb)
    assert datetime(2026, 11, 30, 9, tzinfo=UTC) == NOW < FAR
