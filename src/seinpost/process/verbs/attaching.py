"""Files that come with a signal: added within what the pack allows, erased with a reason that stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import ListName, Refusal, Setting
from seinpost.process import commands as c
from seinpost.process import events as e
from seinpost.process.shapes import Reason, Refused
from seinpost.process.speech import SEPARATOR
from seinpost.process.verbs.case import Built, Case, reason, refuse, sentence

MEBIBYTE = 1024 * 1024


def attach(case: Case[c.Attach]) -> Built:
    """Add a file of an allowed kind and size, once, with where it came from."""
    there = tuple(one.digest for one in case.view.attachments if one.erased_at is None)
    reasons = (*file_reasons(case.plan, case.command, there), *said(case))
    if reasons:
        return Refused(reasons)
    command = case.command
    fact = e.Attached(
        command.digest, command.media, command.size, command.name, command.origin, command.shows_source
    )  # fmt: skip
    return case.here(fact)


def said(case: Case[c.Attach]) -> Iterator[Reason]:
    """Where a file comes from is its first custody line: without it nobody can say later what it is."""
    if not case.command.origin.strip():
        yield from sentence(case.plan, "origin", "")


def file_reasons(plan: Procedure, command: c.Attach, there: Sequence[str]) -> Iterator[Reason]:
    """Everything against the file itself; `there` are the digests of what is attached already."""
    if not command.digest:
        yield reason(Refusal.UNKNOWN_CODE, field="digest", code=command.digest)
    if not command.size:
        yield reason(Refusal.ATTACHMENT_EMPTY)
    elif command.size > plan.settings[Setting.ATTACHMENT_MEBIBYTES] * MEBIBYTE:
        yield reason(Refusal.ATTACHMENT_TOO_LARGE, mebibytes=plan.settings[Setting.ATTACHMENT_MEBIBYTES])
    elif command.media not in plan.lists[ListName.ATTACHMENTS]:
        yield reason(Refusal.ATTACHMENT_KIND, kinds=SEPARATOR.join(plan.lists[ListName.ATTACHMENTS]))
    if command.digest in there:
        yield reason(Refusal.ATTACHED_ALREADY)
    if len(there) >= plan.settings[Setting.ATTACHMENT_COUNT]:
        yield reason(Refusal.ATTACHMENTS_ENOUGH, count=plan.settings[Setting.ATTACHMENT_COUNT])


def erase(case: Case[c.EraseAttachment]) -> Built:
    """Destroy a file that is there, with why; that it was there, and which, stays on record."""
    command = case.command
    if all(one.digest != command.digest or one.erased_at for one in case.view.attachments):
        return refuse(reason(Refusal.UNKNOWN_ATTACHMENT))
    reasons = () if case.actor.is_system else tuple(sentence(case.plan, "words", command.words))
    if reasons:
        return Refused(reasons)
    return case.here(e.AttachmentErased(command.digest, command.words))
