"""Somebody who may be a victim, who talks with them, and ready-made commands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tests.process.world import NOW, W, person, plan

from seinpost.packs.procedure.terms import Processing, Role, Task
from seinpost.process.commands import Command
from seinpost.process.events import Event
from seinpost.process.people import Actor, Words
from seinpost.process.shapes import Holder, NextAction, Refused
from seinpost.process.victim import commands as c
from seinpost.process.victim.decide import decide_victim
from seinpost.process.victim.fold import apply_victim, fold_victim
from seinpost.process.victim.shapes import NOTHING_KNOWN, Aim, Needs, Result, VictimView

ANA = person("ana", Role.ANALYST)
INA, IDA = person("ina", Role.INTERVIEWER), person("ida", Role.INTERVIEWER)
DIRK = person("dirk", Role.DETECTIVE)
HERE = Holder("avim", "ina")
TODAY = date(2026, 11, 30)


def met(needs: Needs = NOTHING_KNOWN, by: Actor = INA) -> VictimView:
    """A record, just opened."""
    ask = c.Meet(
        victim="v1", service="politie", unit="avim", task=Task.POLICE, processing=Processing.WPG_8, signal="s1",
        called=Words("vrouw in rode jas"), needs=needs,
    )  # fmt: skip
    return fold_victim(done(None, ask, by))


def done(view: VictimView | None, ask: Command, by: Actor = INA, now: datetime = NOW) -> tuple[Event, ...]:
    """The events of a command that is allowed."""
    made = decide_victim(view, ask, by, now, plan())
    assert not isinstance(made, Refused), made
    return made


def after(view: VictimView, asks: Iterable[Command], by: Actor = INA, now: datetime = NOW) -> VictimView:
    """The record after commands that are all allowed."""
    for ask in asks:
        for event in done(view, ask, by, now):
            view = apply_victim(view, event)
    return view


def step_of(view: VictimView) -> NextAction:
    """What happens next; there must be something."""
    assert view.next_action is not None
    return view.next_action


def why_not(view: VictimView | None, ask: Command, by: Actor = INA, now: datetime = NOW) -> set[str]:
    """The codes with which a command is refused."""
    made = decide_victim(view, ask, by, now, plan())
    assert isinstance(made, Refused), made
    return {reason.code for reason in made.reasons}


def plan_talk(day: date = TODAY, key: str = "t1", by: Holder = HERE, **more: object) -> c.PlanTalk:
    """Plan a talk."""
    return c.PlanTalk(id=key, aim=Aim.INFORMATIVE, by=by, day=day, **more)  # type: ignore[arg-type]


def talked(key: str = "t1", **more: object) -> c.RecordTalk:
    """Record that a talk was held."""
    said = {"present": ("interviewer",), "topics": ("safety", "work"), "words": W, "day": TODAY} | more
    return c.RecordTalk(id=key, result=Result.HELD, **said)  # type: ignore[arg-type]


def tried(result: Result, key: str = "t1", again: date | None = None) -> c.RecordTalk:
    """Record an attempt that came to nothing."""
    return c.RecordTalk(id=key, result=result, day=TODAY, words=W, again=again)
