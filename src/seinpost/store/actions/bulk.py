"""One verb on several signals: each through the one door, each in a transaction of its own, none of them twice.

Only verbs that neither close nor weigh: those ask for one signal's own words and a second pair of eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Purpose, Refusal, Verb
from seinpost.process.commands import Assign, Command
from seinpost.process.events import Assigned
from seinpost.process.shapes import Refused
from seinpost.store.acting import Acting, working_for
from seinpost.store.actions.act import Seen, act
from seinpost.store.log import history

MOST = 200  # signals at a time: what a person can still look over
BULK = (Verb.ASSIGN, Verb.POSTPONE, Verb.DISMISS, Verb.NOTE)
UNDOABLE = (Verb.POSTPONE, Verb.DISMISS)  # decisions: taken back together, each as far as it still can be
TOGETHER = (*BULK, Verb.UNDO)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: done now, done before by the same person with the same verb, or refused with why.

    `events`: so many had happened to it when it was done.
    """

    signal: UUID
    events: int = 0
    before: bool = False
    refused: Refused | None = None


def act_on_each(
    *, acting: Acting, picked: Sequence[Seen], command: Command, now: datetime, plan: Procedure, purpose: Purpose
) -> tuple[Outcome, ...]:
    """Do a command on each signal that is still as it was picked; what is broken off can be sent again as it was."""
    check_verb(command.verb)
    return act_each(acting=acting, asked=[(one, command) for one in picked], now=now, plan=plan, purpose=purpose)


def act_each(
    *, acting: Acting, asked: Sequence[tuple[Seen, Command]], now: datetime, plan: Procedure, purpose: Purpose
) -> tuple[Outcome, ...]:
    """Do with each signal what is asked for it, as `act_on_each` does one thing with all of them."""
    if len(asked) > MOST:
        raise ValueError(f"{len(asked)} signals at a time (allowed: {MOST})")
    for _one, command in asked:
        check_verb(command.verb)
    found = []
    for one, command in asked:
        done = act(acting=acting, signal=one, ask=command, now=now, plan=plan, purpose=purpose)
        if not isinstance(done, Refused):
            found.append(Outcome(one.signal, done.view.sequence))
        elif was_done(acting, one, command, done):
            found.append(Outcome(one.signal, one.events + 1, before=True))
        else:
            found.append(Outcome(one.signal, refused=done))
    return tuple(found)


def check_verb(verb: Verb) -> None:
    """Raise ValueError for a verb that is done one signal at a time."""
    if verb not in TOGETHER:
        allowed = ", ".join(one.value for one in TOGETHER)
        raise ValueError(f"{verb.value} is done one signal at a time (allowed: {allowed})")


def was_done(acting: Acting, one: Seen, command: Command, refused: Refused) -> bool:
    """Whether the first thing that happened since it was picked is the same person's same verb; to the same person, if
    it gives the signal to somebody."""
    if refused.reasons[0].code != Refusal.CHANGED_SINCE.value:
        return False
    with working_for(acting, reach="all"):
        since = history(one.signal)[one.events :]
    if not since or (since[0].by, since[0].verb) != (acting.person, command.verb):
        return False
    fact = since[0].fact
    return not isinstance(command, Assign) or (isinstance(fact, Assigned) and fact.owner == command.to)
