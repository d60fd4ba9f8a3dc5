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
from seinpost.process.commands import Command
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
    if command.verb not in TOGETHER:
        raise ValueError(
            f"{command.verb.value} is done one signal at a time (allowed: {', '.join(v.value for v in TOGETHER)})"
        )
    if len(picked) > MOST:
        raise ValueError(f"{len(picked)} signals at a time (allowed: {MOST})")
    found = []
    for one in picked:
        done = act(acting=acting, signal=one, ask=command, now=now, plan=plan, purpose=purpose)
        if not isinstance(done, Refused):
            found.append(Outcome(one.signal, done.view.sequence))
        elif was_done(acting, one, command.verb, done):
            found.append(Outcome(one.signal, one.events + 1, before=True))
        else:
            found.append(Outcome(one.signal, refused=done))
    return tuple(found)


def was_done(acting: Acting, one: Seen, verb: Verb, refused: Refused) -> bool:
    """Whether the first thing that happened since it was picked is the same person's same verb."""
    if refused.reasons[0].code != Refusal.CHANGED_SINCE.value:
        return False
    with working_for(acting, reach="all"):
        since = history(one.signal)[one.events :]
    return bool(since) and (since[0].by, since[0].verb) == (acting.person, verb)
