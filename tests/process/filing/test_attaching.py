"""Files that come with a signal: what may be added, what is refused with why, and what erasing leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.process.world import ANA, CO, NOW, PRIVA, SYSTEM, W, attachment, closed, did, do, plan, refused, signal

from seinpost.packs.procedure.terms import ListName, Setting
from seinpost.process import commands as c
from seinpost.process.people import Words
from seinpost.process.shapes import Refused
from seinpost.process.speech import say

LATER = NOW + timedelta(hours=1)


def test_a_file_is_added_to_what_is_open_and_to_what_rests() -> None:
    for view in (signal(), closed()):
        before = view.standing
        after = did(view, attachment(), ANA, NOW)
        assert after.standing == before  # a file decides nothing
        [one] = after.attachments
        assert (one.number, one.digest, one.by, one.at, one.erased_at) == (1, "a1", "ana", NOW, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"media": ""}, "attachment-kind"),
        ({"media": "exe"}, "attachment-kind"),
        ({"size": 0, "media": ""}, "attachment-empty"),
        ({"size": 25 * 1024 * 1024 + 1}, "attachment-too-large"),
        ({"digest": ""}, "unknown-code"),
        ({"origin": Words(" ")}, "sentence-missing"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_is_allowed(change: dict[str, object], code: str) -> None:
    assert refused(signal(), attachment(**change), ANA, NOW) == (code,)  # type: ignore[arg-type]


def test_a_refused_kind_names_the_kinds_that_are_allowed() -> None:
    result = do(signal(), attachment(media=""), ANA, NOW)
    assert isinstance(result, Refused)
    for language in ("nl", "en"):
        [sentence] = say(result, plan(), language)
        assert all(entry.label.told(language) in sentence for entry in plan().lists[ListName.ATTACHMENTS].values())


def test_the_same_file_is_there_once_and_there_is_an_end_to_how_many() -> None:
    view = did(signal(), attachment(), ANA, NOW)
    assert refused(view, attachment(), CO, NOW) == ("attached-already",)
    for number in range(2, plan().settings[Setting.ATTACHMENT_COUNT] + 1):
        view = did(view, attachment(f"a{number}"), ANA, NOW)
    assert refused(view, attachment("one more"), ANA, NOW) == ("attachments-enough",)


@pytest.mark.parametrize("actor", [PRIVA, SYSTEM])
def test_erasing_leaves_the_line_and_the_file_may_come_again(actor: object) -> None:
    view = did(signal(), attachment(), ANA, NOW)
    gone = did(view, c.EraseAttachment(digest="a1", words=W), actor, LATER)  # type: ignore[arg-type]
    [one] = gone.attachments
    assert (one.digest, one.by, one.erased_at) == ("a1", "ana", LATER)
    assert refused(gone, c.EraseAttachment(digest="a1", words=W), PRIVA, LATER) == ("unknown-attachment",)
    again = did(gone, attachment(), ANA, LATER)
    assert [(a.number, a.erased_at) for a in again.attachments] == [(1, LATER), (2, None)]


def test_nobody_erases_who_follows_up_and_nobody_without_a_sentence() -> None:
    view = did(signal(), attachment(), ANA, NOW)
    for actor in (ANA, CO):
        assert refused(view, c.EraseAttachment(digest="a1", words=W), actor, NOW) == ("no-grant",)
    assert refused(view, c.EraseAttachment(digest="a1", words=Words("")), PRIVA, NOW) == ("sentence-missing",)
