"""Random histories on the database: whatever people, the intake and the clock do through the doors, nothing disappears.

The pure twin is tests/process/test_histories.py; here every step is stored. After each the guarantee holds and every
column of every signal is what its events fold to; at the end the chain is whole and nothing was doubled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.database import fresh
from tests.process.walk import forward, spoil
from tests.process.world import MAKERS, W
from tests.store.signals import received
from tests.store.world import NOW, digest, make_person, make_world, plan

from seinpost.packs.procedure.terms import LATER, Purpose, Refusal, Role, Verb
from seinpost.process import commands as c
from seinpost.process.fold import fold
from seinpost.process.shapes import Refused, SignalView
from seinpost.store.acting import as_person, as_system, working_for
from seinpost.store.actions.act import Done, Seen, act
from seinpost.store.actions.bulk import BULK, act_on_each
from seinpost.store.actions.duty import do_duty
from seinpost.store.actions.intake import Into, file_batch
from seinpost.store.audit.stored import verify_stored
from seinpost.store.log import histories
from seinpost.store.models import Import, Signal, TextVersion, Unit
from seinpost.store.projection import columns
from seinpost.store.queries.guarantee import prove_guarantee
from seinpost.store.received import NewText

SERVICE, TEAM = "politie", "politie-team"
PEOPLE = {"ana": Role.ANALYST, "abe": Role.ANALYST, "wim": Role.WEIGHER, "wil": Role.WEIGHER, "co": Role.COORDINATOR}
PEOPLE |= {"priva": Role.PRIVACY_OFFICER}
DOING = tuple(
    found for found in MAKERS if found[0] not in LATER | {Verb.REGISTER, Verb.FILE}
)  # the intake has its own rule
NAMES = st.sampled_from(sorted(PEOPLE))
PICK = st.integers(0, 10_000)


class Histories(RuleBasedStateMachine):
    """A police service of six people, an outsider, the intake, and a clock that runs on."""

    instance: Any
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._database = fresh(self.instance)
        self._database.__enter__()
        world = make_world((SERVICE, "nla"))
        self.unit = Unit.objects.select_related("service").get(code=TEAM)
        with working_for(as_system(SERVICE)):
            people = {name: make_person(self.unit, role) for name, role in PEOPLE.items()}
        self.acting = {name: as_person(person) for name, person in people.items()}
        self.outsider = world.acting(Role.ANALYST, "nla")
        self.codes = {"avim": TEAM} | {name: str(person.pk) for name, person in people.items()}
        self.now, self.words = NOW, dict[str, set[str]]()

    def teardown(self) -> None:
        """At the end every chain is whole, and each registration is one signal with each of its texts once."""
        try:
            assert verify_stored().breaks == ()
            with working_for(as_system(SERVICE), reach="all"):
                texts = Counter(TextVersion.objects.values_list("signal__external_id", flat=True))
                assert Signal.objects.count() == len(self.words)
            assert all(texts[number] >= len(words) for number, words in self.words.items())
        finally:
            self._database.__exit__(None, None, None)

    def views(self) -> dict[UUID, SignalView]:
        """Every signal of the service, folded from its stored events."""
        with working_for(as_system(SERVICE), reach="all"):
            keys = list(Signal.objects.order_by("number").values_list("pk", flat=True))
            return {
                key: fold(events) for key, events in sorted(histories(keys).items(), key=lambda one: keys.index(one[0]))
            }

    def signal(self, pick: int) -> tuple[UUID, SignalView]:
        """One of the signals."""
        return list(self.views().items())[pick % len(self.words)]

    def give(self, name: str, key: UUID, command: c.Command, other: UUID | None) -> Done | Refused:
        """Let somebody give a command through the one door, with what goes beside it."""
        command, content = filled(translated(command, self.codes), self.seen.total())
        verb = command.verb
        purpose = Purpose.EMERGENCY if verb is Verb.BREAK_GLASS else Purpose.FOLLOW_UP
        purpose = Purpose.OVERSIGHT if name == "priva" else purpose
        ask: Any = (lambda view: replace(command, target=view)) if isinstance(command, c.Join) else command
        done = act(
            acting=self.acting[name], signal=key, ask=ask, now=self.now, plan=plan(), purpose=purpose,
            other=other if isinstance(command, c.Join) else None, content=content,
        )  # fmt: skip
        self.seen[f"{'no ' if isinstance(done, Refused) else ''}{verb.value}"] += 1
        if isinstance(done, Done) and isinstance(command, c.Correct):
            self.seen["corrected by hand"] += 1
        return done

    @initialize()
    def begin(self) -> None:
        """Two registrations lie there."""
        self.hand_in([(0, 0), (1, 0)])

    @rule(items=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=4))
    def hand_in(self, items: list[tuple[int, int]]) -> None:
        """Hand registrations in: new ones, known ones, and known ones with other words."""
        expected, known = Counter[str](), {name: set(words) for name, words in self.words.items()}
        for number, version in items:
            words, text = known.setdefault(f"R-{number}", set()), text_of(number, version)
            expected["known" if text in words else "corrected" if words else "filed"] += 1
            words.add(text)
        given = [received(f"R-{number}", text_of(number, version), received_at=self.now) for number, version in items]
        with working_for(as_system(SERVICE)):
            batch = Import.objects.create(
                service_id=SERVICE, unit=self.unit, source="bvh", digest=uuid4().hex, pack="nl", received=len(items),
                not_kept=0, failed=0, started_at=self.now,
            )  # fmt: skip
        done = file_batch(
            acting=as_system(SERVICE), batch=batch.pk, into=Into(self.unit), items=given, now=self.now, plan=plan()
        )
        assert +done == +expected
        self.words = known
        self.seen.update(done)

    @rule(name=NAMES, pick=PICK, minutes=st.integers(0, 20_000), badly=st.booleans())
    def try_something(self, name: str, pick: int, minutes: int, badly: bool) -> None:
        """Somebody tries any verb, filled in well or badly."""
        random = Random(pick)
        self.now += timedelta(minutes=minutes)
        (key, view), (other, target) = self.signal(pick), self.signal(pick + 1)
        command = random.choice(DOING)[1](view, self.now, target)
        spoiled = spoil(command, random) if badly else command
        if isinstance(spoiled, c.Attach):  # the bytes come with it, and their digest is reckoned, never filled in
            spoiled = replace(spoiled, digest=command.digest)  # type: ignore[attr-defined]
        self.give(name, key, spoiled, other)

    @rule(name=NAMES, pick=PICK)
    def go_on(self, name: str, pick: int) -> None:
        """Somebody does what brings a signal on."""
        key, view = self.signal(pick)
        self.give(name, key, Random(pick).choice(forward(view, self.now)), None)

    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        """A coordinator takes the last decision back: the standing is the one that it found."""
        key, view = self.signal(pick)
        done = self.give("co", key, c.Undo(words=W), None)
        if isinstance(done, Done):
            decision = next(found for found in reversed(view.decisions) if not found.undone)
            assert done.view.standing == decision.before

    @rule(name=NAMES, pick=PICK, stale=st.booleans())
    def do_to_all(self, name: str, pick: int, stale: bool) -> None:
        """One verb on all of them at once, some of which changed since they were picked."""
        command = Random(pick).choice([make for verb, make in DOING if verb in BULK])
        views = self.views()
        view = next(iter(views.values()))
        picked = [Seen(key, one.sequence - int(stale)) for key, one in views.items()]
        given = translated(command(view, self.now, view), self.codes)
        done = act_on_each(
            acting=self.acting[name], picked=picked, command=given, now=self.now, plan=plan(), purpose=Purpose.FOLLOW_UP
        )
        assert [one.signal for one in done] == list(views)
        self.seen.update("bulk" if one.refused is None and not one.before else "no bulk" for one in done)

    @rule(hours=st.integers(1, 600))
    def the_clock_runs(self, hours: int) -> None:
        """Time passes, and what is due by itself is done; done again at the same moment it does nothing more."""
        self.now += timedelta(hours=hours)
        done = do_duty(now=self.now, plan=plan())
        self.seen.update({f"duty {verb}": count for verb, count in done.items()})
        assert done["refused"] == 0
        assert do_duty(now=self.now, plan=plan()).total() == 0

    @rule(pick=PICK)
    def an_outsider_tries(self, pick: int) -> None:
        """For somebody of another service no signal exists, whatever they try."""
        key, view = self.signal(pick)
        verb, make = Random(pick).choice([found for found in DOING if found[0] is not Verb.JOIN])
        command = translated(make(view, self.now, view), self.codes)
        done = act(acting=self.outsider, signal=key, ask=command, now=self.now, plan=plan())
        assert isinstance(done, Refused), verb
        assert done.codes == (Refusal.UNKNOWN_SIGNAL.value,)

    @invariant()
    @precondition(lambda self: bool(self.words))
    def nothing_is_lost_and_columns_are_what_the_events_say(self) -> None:
        """The guarantee, proved over the database; each column against the fold of the events."""
        assert prove_guarantee(plan()).orphans == ()
        views = self.views()
        with working_for(as_system(SERVICE), reach="all"):
            rows = {row.pk: row for row in Signal.objects.all()}
        assert set(rows) == set(views)
        for key, view in views.items():
            said = {name: value for name, value in columns(view).items() if name != "unit_id" or value is not None}
            assert {name: getattr(rows[key], name) for name in said} == said


def text_of(number: int, version: int) -> str:
    """The words of a registration, and how they were corrected."""
    return f"Registratie {number}, keer {version}: de baas heeft de paspoorten. Bereikbaar op 06-1234567{number}."


def translated(value: Any, codes: dict[str, str]) -> Any:
    """The people and the unit of the pure tests as those of the database, wherever a command names one."""
    if type(value) is str:
        return codes.get(value, value)
    if isinstance(value, tuple | frozenset):
        return type(value)(translated(one, codes) for one in value)
    if is_dataclass(value) and not isinstance(value, type | SignalView):
        return replace(value, **{f.name: translated(getattr(value, f.name), codes) for f in fields(value)})
    return value


def filled(command: c.Command, number: int) -> tuple[c.Command, NewText | bytes | None]:
    """A command that comes with a text or a file, with the digest of what comes with it."""
    text = f"Tekst {number}."
    if isinstance(command, c.Correct) and command.digest == "d2":
        return replace(command, digest=digest(text)), NewText(text, ())
    if isinstance(command, c.Attach) and command.digest.startswith("a"):
        return replace(command, digest=digest(text), media="text", size=len(text)), text.encode()
    return command, None


@pytest.mark.parametrize("examples", [15])
def test_nothing_disappears_from_the_database_whatever_is_done(instance: Any, examples: int) -> None:
    Histories.instance, Histories.seen = instance, Counter()
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None, phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Histories.seen.total() > 100, "it went somewhere"
