"""Random histories: several signals, everybody, every verb, filled in well or badly, time running on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.process.world import EVERYBODY, MAKERS, NOW, W, answers, do, look_ups, plan, registration, weighing

from seinpost.packs.procedure.terms import Outcome, Phase, Refusal
from seinpost.process import commands as c
from seinpost.process.codec import from_plain, to_plain
from seinpost.process.decide import offered
from seinpost.process.events import SAMPLE, Event
from seinpost.process.fold import apply
from seinpost.process.guarantee import prove, task_escalations
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Refused, SignalView, Suppression

PEOPLE = tuple(actor for actor in EVERYBODY if not actor.is_system)
LIFTED = frozenset(("held-by-other", "enrichment-incomplete", "tasks-open"))  # look up, waive, finish, wait an hour
KNOWN = frozenset(refusal.value for refusal in Refusal)
BAD: tuple[tuple[type, Any], ...] = (
    (Words, Words("")),
    (str, "nonsense"),
    (date, date(1999, 1, 1)),
    (tuple, ()),
    (c.ClosingAnswers, answers(victim_words=Words(""))),
)


@dataclass
class House:
    """A store in memory: the histories of some signals, and what has come about so far."""

    now: datetime = NOW
    views: dict[str, SignalView] = field(default_factory=dict)
    history: dict[str, list[Event]] = field(default_factory=dict)
    facts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    phases: Counter[Phase] = field(default_factory=Counter)

    def give(self, name: str, command: c.Command, actor: Actor) -> tuple[Event, ...] | Refused:
        """Give a command, keep what comes of it, and check everything that must hold after any step."""
        before = dict(self.views)
        result = do(self.views.get(name), command, actor, self.now)
        if isinstance(result, Refused):
            assert result.reasons, command
            assert set(result.codes) <= KNOWN
            self.codes.update(result.codes)
        else:
            assert result, command
            for event in result:
                self.keep(event)
        assert before == self.views or not isinstance(result, Refused)
        self.check(before, result)
        return result

    def keep(self, event: Event) -> None:
        """Append one event, after it went through the store's plain data."""
        plain = to_plain(event.fact)
        assert from_plain(event.fact.kind, event.fact.version, plain) == event.fact
        self.views[event.signal] = apply(self.views.get(event.signal), event)
        self.history.setdefault(event.signal, []).append(event)
        self.facts[event.fact.kind] += 1

    def check(self, before: dict[str, SignalView], result: tuple[Event, ...] | Refused) -> None:
        """No orphan, clocks forward, one step per event, nobody else's signal changed."""
        proof = prove(self.views.values(), plan())
        assert proof.orphans == (), proof
        assert proof.checked == len(self.views)
        touched = set() if isinstance(result, Refused) else {event.signal for event in result}
        for name in touched:
            assert not self.views[name].is_open or somebody_can(self.views[name], self.now), self.views[name]
        for name, view in self.views.items():
            if name not in touched:
                assert view is before[name]
            elif name in before:
                assert view.last_at >= before[name].last_at
                assert view.sequence > before[name].sequence
                assert view.received_at == before[name].received_at
            self.phases[view.phase] += 1


def somebody_can(view: SignalView, now: datetime) -> bool:
    """Whether a person of this house may do the next action: at once, or after what people can lift themselves."""
    assert view.standing.next_action is not None
    verbs = plan().actions[view.standing.next_action.kind].done_by
    for actor in PEOPLE:
        for answer in offered(view, actor, now, plan(), verbs=verbs).values():
            if not isinstance(answer, Refused) or set(answer.codes) <= LIFTED:
                return True
    return False


def spoil(command: c.Command, random: Random) -> c.Command:
    """The command with one field filled in badly."""
    names = [f.name for f in fields(command) if f.name not in ("signal", "target", "other", "received_at")]  # type: ignore[arg-type]
    if not names:
        return command
    name = random.choice(names)
    value = getattr(command, name)
    for shape, bad in BAD:
        if type(value) is shape:
            return replace(command, **{name: bad})  # type: ignore[type-var]
    return command


def forward(view: SignalView, now: datetime) -> tuple[c.Command, ...]:
    """What brings a signal on, so that walks get far."""
    if view.standing.pending is not None:
        return (c.Agree(words=W), c.Disagree(words=W))
    if view.phase is Phase.REGISTERED:
        return (c.Confirm(words=W),)
    if view.phase is Phase.ENRICHMENT:
        return look_ups(view, now) or (c.Submit(words=W),)
    if view.phase is Phase.WEIGHING:
        return (weighing(Outcome.NO_FOLLOW_UP), weighing(Outcome.HAND_OVER))
    if view.phase is Phase.DISMISSED:
        return (c.Reopen(ground=SAMPLE, words=W), c.Undo(words=W))
    return (c.Close(closing=answers()), c.Reopen(ground="new-information", words=W))


def hushed(until: datetime) -> Suppression:
    """A silent rule of another signal."""
    return Suppression("AFH-01", "address:x", "shared-address", until.date())


def step(house: House, random: Random) -> None:
    """One random step."""
    house.now += timedelta(minutes=random.choice((0, 0, 0, 1, 5, 45, 300, 1500, random.choice((9000, 60)))))
    if not house.views or (len(house.views) < 3 and random.random() < 0.04):
        name = f"s{len(house.views) + 1}"
        filed = random.random() < 0.3
        actor = EVERYBODY[0] if filed else EVERYBODY[-1]
        silent = () if random.random() < 0.7 else (hushed(house.now + timedelta(days=random.choice((2, 40)))),)
        change = {"silenced_by": silent, "silent_sample": random.random() < 0.3}
        house.give(name, registration(name, filed=filed, received_at=house.now, **change), actor)
        return
    up = task_escalations(house.views.values(), house.now, plan())
    if up and random.random() < 0.1:
        house.give(*up[0], EVERYBODY[-1])
        return
    name = random.choice(sorted(house.views))
    view = house.views[name]
    chance = random.random()
    if chance < 0.5:
        command = random.choice(forward(view, house.now))
    else:
        joined = house.views.get(view.standing.joined_to)
        other = joined or house.views[random.choice(sorted(house.views))]
        makers = MAKERS
        if chance < 0.9:
            makers = tuple(found for found in MAKERS if (found[0], view.phase) in plan().moves)
        command = random.choice(makers)[1](view, house.now, other)
    if random.random() < 0.1:
        command = spoil(command, random)
    house.give(name, command, random.choice(EVERYBODY))
