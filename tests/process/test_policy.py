"""Rights: `may` and `visible` agree, services stay apart, and a plain reference written otherwise says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.process.world import ANA, CO, FAR, LONG_AGO, NOW, PRIVA, SYSTEM, W, grant, person

from seinpost.packs.procedure.terms import LOOKS, Processing, Purpose, Role, Task, Verb
from seinpost.process.people import (
    CHOSEN,
    Actor,
    Glass,
    Grant,
    Thing,
    Training,
    Words,
    lies_within,
    second_persons,
    working_towards,
)
from seinpost.process.policy import BY_VERB, FORM_ROLES, RULES, TRAINING, may, visible
from seinpost.process.shapes import Allowed, Refused

END = timedelta(hours=1)
UNTRAINED = (Purpose.OVERSIGHT, Purpose.TRAINING)  # who oversees, and who is still learning on made-up signals
NAMES = ("ana", "ben", "cas")
UNITS = ("u1", "u2", "u3")
TASKS = (Task.POLICE, Task.ALIENS)
PROCESSINGS = (Processing.WPG_8, Processing.WPG_9)


def near(random: Random, value: Any, others: Sequence[Any]) -> Any:
    """The value, mostly; else one of the others: so that nearly everything fits, and one thing does not."""
    return value if random.random() < 0.85 else random.choice(others)


def a_thing(random: Random) -> Thing:
    """Any thing of a service, sometimes restricted, protected, asked about or opened by emergency."""
    people = random.choice(((), (), ("ana",), ("ben", "cas")))
    glass = tuple(
        Glass(
            random.choice(NAMES),
            NOW - timedelta(hours=random.choice((0, 1, 2))),
            NOW + END * random.choice((-1, 0, 1)),
            W,
        )
        for _ in range(random.choice((0, 0, 1, 2)))
    )
    return Thing(
        service=random.choice(("politie", "nla")),
        unit=random.choice(UNITS),
        task=random.choice(TASKS),
        processing=random.choice(PROCESSINGS),
        practice=random.random() < 0.5,
        need_to_know=frozenset(people),
        compartment=random.choice(("", "tci", "mma")),
        asked=frozenset(random.choice(((), ("ana",)))),
        glass=glass,
        forms=frozenset(random.choice(((), (), ("ARB",), ("SEK", "CRI")))),
        workers=frozenset(random.choice(((), (), NAMES[:1]))),
    )


def a_grant(random: Random, thing: Thing, purpose: Purpose, verb: Verb) -> Grant:
    """A grant that fits the thing, the verb and the purpose in most things."""
    fitting = [role for rule in BY_VERB[verb] if purpose in rule.purposes for role in rule.roles]
    unit = near(random, thing.unit, UNITS)
    return Grant(
        role=random.choice(fitting) if fitting and random.random() < 0.85 else random.choice(tuple(Role)),
        task=near(random, thing.task, TASKS),
        processing=near(random, thing.processing, PROCESSINGS),
        purposes=frozenset((near(random, purpose, tuple(Purpose)), random.choice(tuple(Purpose)))),
        starts=near(random, NOW - END, (NOW, NOW + END)),
        ends=near(random, NOW + END, (NOW, NOW - END)),
        units=random.choice((None, frozenset((unit,)), frozenset((unit, "u3")), frozenset())),
        compartments=frozenset((near(random, thing.compartment, ("tci", "mma")),)),
        forms=random.choice((None, None, None, thing.forms, frozenset(("ARB", "HUW")))),
    )


def a_case(random: Random, verbs: Sequence[Verb]) -> tuple[Actor, Verb, Thing, Purpose]:
    """An actor, a verb, a thing and a purpose that nearly fit."""
    thing, verb = a_thing(random), random.choice(verbs)
    purpose = random.choice(sorted({p for rule in BY_VERB[verb] for p in rule.purposes}))
    grants = tuple(a_grant(random, thing, purpose, verb) for _ in range(random.choice((0, 1, 1, 2))))
    training = (Training(TRAINING, near(random, date(2026, 12, 1), (date(2026, 11, 30),))),)
    service = near(random, thing.service, ("politie", "nla"))
    return Actor(random.choice(NAMES), service, "u1", grants, training), verb, thing, purpose


def test_may_and_visible_agree() -> None:
    """30,000 cases that nearly fit; every answer a look can meet comes often enough to mean something."""
    random = Random(20261127)
    seen: Counter[str] = Counter()
    for _ in range(30_000):
        actor, verb, thing, purpose = a_case(random, (*sorted(LOOKS), Verb.ANSWER))
        verdict = may(actor, verb, thing, purpose, NOW)
        allowed = isinstance(verdict, Allowed)
        assert visible(actor, NOW, purpose, verb).admits(thing, NOW) == allowed, (actor, verb, thing, purpose)
        seen.update(verdict.codes if isinstance(verdict, Refused) else ("allowed",))
    reasons = "allowed other-service no-grant wrong-purpose other-unit other-task need-to-know compartment not-trained"
    assert min(seen[code] for code in (*reasons.split(), "practice-only", "not-asked", "other-form")) > 30, seen


def test_what_is_never_allowed() -> None:
    """Stated without the table: the limits nobody's rights go past, over 12,000 cases that nearly fit."""
    random = Random(7)
    allowed = 0
    for _ in range(12_000):
        actor, verb, thing, purpose = a_case(random, sorted(Verb))
        if isinstance(may(actor, verb, thing, purpose, NOW), Allowed):
            allowed += 1
            never(actor, verb, thing, purpose)
    assert allowed > 1_500, allowed


def never(actor: Actor, verb: Verb, thing: Thing, purpose: Purpose) -> None:
    """What must hold of everything that is allowed."""
    assert actor.service == thing.service
    running = [g for g in actor.grants if g.starts <= NOW < g.ends and purpose in g.purposes]
    assert running
    if thing.need_to_know and actor.id not in thing.need_to_know and not any(g.role is Role.SYSTEM for g in running):
        broke = any(g.person == actor.id and g.since <= NOW < g.until for g in thing.glass)
        assert broke or verb in (
            Verb.COUNT,
            Verb.READ_LOG,
            Verb.MANAGE_PEOPLE,
            Verb.AGREE_RIGHT,
            Verb.BREAK_GLASS,
            Verb.REVIEW_GLASS,
        )
    if verb in EVERYDAY and thing.forms and actor.id not in thing.workers and purpose is not Purpose.EMERGENCY:
        roles = FORM_ROLES | {Role.COORDINATOR}
        assert any(g.forms is None or g.forms & thing.forms for g in running if g.role in roles)
    if verb in (Verb.ANSWER, Verb.AGREE_RIGHT):
        assert actor.id in thing.asked
    if verb is Verb.READ_SOURCE:
        assert any(thing.compartment in g.compartments for g in running)
    if verb in (Verb.WEIGH, Verb.AGREE, Verb.DISMISS, Verb.EXPORT) and purpose not in UNTRAINED:
        assert any(t.until > date(2026, 11, 30) for t in actor.training)
    if all(g.role is Role.TRAINEE for g in running):
        assert thing.practice or verb is Verb.ANSWER
    if all(g.role in (Role.AUDITOR, Role.ADMINISTRATOR) for g in running):
        assert verb in (Verb.COUNT, Verb.READ_LOG, Verb.MANAGE_PEOPLE, Verb.ANSWER, Verb.AGREE_RIGHT)


EVERYDAY = (Verb.TAKE, Verb.CONFIRM, Verb.WEIGH, Verb.NOTE, Verb.LOOK_UP, Verb.SUBMIT)
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
        (
            replace(ANA, grants=(grant(Role.ANALYST, forms=frozenset(("ARB",))),)),
            Verb.READ,
            replace(THING, forms=frozenset(("SEK",)), workers=frozenset(("ben",))),
            Purpose.FOLLOW_UP,
            "other-form",
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


# --- a second person for a right ------------------------------------------------------------------------------------


def test_a_right_within_another_opens_nothing_that_the_other_does_not() -> None:
    """4,000 pairs of rights and things: what one opens now or later, the other opens then."""
    random = Random(18)
    inside = opened = 0
    for _ in range(4_000):
        actor, verb, thing, purpose = a_case(random, sorted(Verb))
        held = a_grant(random, thing, purpose, verb)
        new = replace(
            held,
            purposes=frozenset(random.sample(sorted(held.purposes), random.randint(0, len(held.purposes)))),
            units=held.units if random.random() < 0.5 else frozenset((random.choice(UNITS),)),
            forms=near(random, held.forms, (None, frozenset(("ARB",)))),
            compartments=near(random, held.compartments, (frozenset(), frozenset(("tci", "mma")))),
            starts=near(random, held.starts, (NOW - 2 * END, NOW + END)),
            ends=near(random, held.ends, (NOW + 2 * END, NOW + END / 2)),
            role=near(random, held.role, tuple(Role)),
        )
        if not lies_within(new, held, NOW):
            continue
        inside += 1
        for moment in (NOW, NOW + END / 2, NOW + END):
            if isinstance(may(replace(actor, grants=(new,)), verb, thing, purpose, moment), Allowed):
                opened += 1
                assert isinstance(may(replace(actor, grants=(held,)), verb, thing, purpose, moment), Allowed)
    assert inside > 500, inside
    assert opened > 100, opened


@pytest.mark.parametrize(
    ("wider", "within"),
    [
        ({}, True),
        ({"units": None}, False),
        ({"units": frozenset(("u1",))}, True),
        ({"units": frozenset(("u1", "u3"))}, False),
        ({"purposes": frozenset((Purpose.FOLLOW_UP,))}, True),
        ({"purposes": frozenset((Purpose.FOLLOW_UP, Purpose.OVERSIGHT))}, False),
        ({"compartments": frozenset(("tci",))}, False),
        ({"forms": None}, False),
        ({"forms": frozenset(("ARB", "SEK", "CRI"))}, False),
        ({"forms": frozenset(("ARB",))}, True),
        ({"role": Role.WEIGHER}, False),
        ({"task": Task.ALIENS}, False),
        ({"processing": Processing.WPG_9}, False),
        ({"ends": FAR + END}, False),
        ({"ends": NOW + END}, True),
        ({"starts": LONG_AGO - END}, True),  # what is past opens nothing
    ],
)
def test_what_is_wider_on_any_side_lies_not_within(wider: dict[str, Any], within: bool) -> None:
    held = grant(Role.ANALYST, units=frozenset(("u1", "u2")), forms=frozenset(("ARB", "SEK")))
    assert lies_within(replace(held, **wider), held, NOW) is within


def test_a_right_that_starts_before_the_held_one_does_is_wider() -> None:
    held = grant(Role.ANALYST, starts=NOW + END)
    assert not lies_within(replace(held, starts=NOW), held, NOW)


def test_nobody_agrees_to_what_they_asked_or_would_get_and_an_officer_only_where_no_administrator_is() -> None:
    random = Random(14)
    by = Counter[str]()
    for _ in range(2_000):
        asker, receiver = random.choice(NAMES), random.choice((*NAMES, "eva"))
        first = frozenset(random.sample((*NAMES, "dirk"), random.randint(0, 4)))
        then = frozenset(random.sample((*NAMES, "eva"), random.randint(0, 4)))
        found = second_persons(asker, receiver, first, then)
        assert not found & {asker, receiver}
        if first - {asker, receiver}:
            assert found == first - {asker, receiver}
            by["administrators"] += 1
        else:
            assert found <= then
            by["officers" if found else "nobody"] += 1
    assert min(by.values()) > 50, by
    thing = replace(THING, asked=frozenset(("co",)))
    for name in ("ana", "co"):
        boss = replace(person(name, Role.ADMINISTRATOR), id=name)
        verdict = may(boss, Verb.AGREE_RIGHT, thing, Purpose.MANAGEMENT, NOW)
        assert isinstance(verdict, Allowed) is (name == "co")


def test_who_works_for_one_purpose_does_nothing_for_another_and_nothing_that_they_could_not_do_before() -> None:
    random = Random(5)
    seen = Counter[str]()
    for _ in range(6_000):
        actor, verb, thing, purpose = a_case(random, sorted(Verb))
        chosen = random.choice((*CHOSEN, purpose)) if purpose in CHOSEN else random.choice(CHOSEN)
        narrowed = isinstance(may(working_towards(actor, chosen), verb, thing, purpose, NOW), Allowed)
        before = isinstance(may(actor, verb, thing, purpose, NOW), Allowed)
        held = any(chosen in grant.purposes for grant in actor.grants)
        left = purpose not in CHOSEN or purpose is chosen or not held
        assert narrowed == (before and left)
        seen["still" if narrowed else "no more" if before else "never"] += 1
    assert min(seen.values()) > 100, seen


@pytest.mark.parametrize(
    ("forms", "workers", "reaches"),
    [
        ((), (), True),
        (("ARB",), (), True),
        (("ARB", "SEK"), (), True),
        (("SEK",), (), False),
        (("SEK",), ("ana",), True),
    ],
)
def test_a_right_for_some_forms_reaches_those_what_has_none_yet_and_ones_own_work(
    forms: tuple[str, ...], workers: tuple[str, ...], reaches: bool
) -> None:
    narrow = replace(ANA, grants=(grant(Role.ANALYST, forms=frozenset(("ARB",))),))
    thing = replace(THING, forms=frozenset(forms), workers=frozenset(workers))
    for verb in (Verb.READ, Verb.TAKE, Verb.CONFIRM):
        assert isinstance(may(narrow, verb, thing, Purpose.FOLLOW_UP, NOW), Allowed) is reaches
    assert visible(narrow, NOW, Purpose.FOLLOW_UP).admits(thing, NOW) is reaches
