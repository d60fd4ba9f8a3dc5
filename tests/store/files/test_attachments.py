"""Attachments in the store: kept with their event, fetched with a line in the log, erased with one in the chain."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError
from tests.process.filing.test_kinds import PDF
from tests.store.signals import filed, received
from tests.store.test_act import codes, do
from tests.store.world import LATER, World, make_world, plan

from seinpost.errors import FileError
from seinpost.packs.procedure.terms import ListName, Purpose, Role
from seinpost.process import commands as c
from seinpost.process.people import Words
from seinpost.process.shapes import Attachment, Refused
from seinpost.store.acting import Acting, as_system, working_for
from seinpost.store.actions.act import Done
from seinpost.store.actions.attachments import Upload, add_draft_file, drop_draft_file
from seinpost.store.actions.drafts import begin_draft, drop_draft
from seinpost.store.actions.intake import Into, file_signal
from seinpost.store.files.keeping import STRAY_SECONDS, sweep
from seinpost.store.files.reading import Opened, open_attachment
from seinpost.store.files.vault import vault
from seinpost.store.files.verify import verify_files
from seinpost.store.models import Attachment as Row
from seinpost.store.models import Draft, DraftFile, EventWords, Unit, ViewLog
from seinpost.store.queries.file import open_signal

UP = Upload("../../verklaring\u202e.pdf", PDF, len(PDF))


@pytest.fixture
def world(db: str) -> World:
    return make_world()


def attach(world: World, signal: UUID, upload: Upload = UP, *, shows_source: bool = False, **more: Any) -> Done:
    command = upload.command("Van de melder, per e-mail.", shows_source=shows_source)
    done = do(world, signal, command, content=upload.content, **more)
    assert isinstance(done, Done), done
    return done


def fetch(acting: Acting, signal: UUID, number: int = 1) -> Opened | Refused:
    found = open_attachment(acting=acting, signal=signal, number=number, now=LATER, proved=True)
    assert found is not None
    return found


def refusal(found: Opened | Refused) -> str:
    assert isinstance(found, Refused)
    return found.reasons[0].code


def logged() -> list[tuple[str, str, str]]:
    rows = ViewLog.objects.using("owner").filter(verb="download").order_by("pk")
    return list(rows.values_list("person", "subject", "refused"))


def held() -> list[str]:
    return [name for _, name, _ in vault().held()]


def test_a_file_is_kept_with_its_event_and_fetched_with_a_line_in_the_log(world: World) -> None:
    signal = filed("politie")
    [one] = attach(world, signal).view.attachments
    assert one == Attachment(
        number=1, digest=UP.digest, kind="pdf", size=len(PDF), name=Words("../../verklaring\ufffd.pdf"),
        origin=Words("Van de melder, per e-mail."), shows_source=False, by=world.acting(Role.ANALYST).person, at=LATER,
    )  # fmt: skip
    for role in (Role.ANALYST, Role.COORDINATOR, Role.PRIVACY_OFFICER):
        found = fetch(world.acting(role), signal)
        assert isinstance(found, Opened)
        assert (found.content, found.kind.extension) == (PDF, "pdf")
    assert [line[1:] for line in logged()] == [(f"1 {UP.digest}", "")] * 3
    verdict = verify_files()
    assert (verdict.checked, verdict.misfits, verdict.strays) == (1, (), 0)


def test_who_may_not_gets_no_bytes_and_stands_in_the_log_and_another_service_finds_nothing(world: World) -> None:
    signal = filed("politie")
    attach(world, signal)
    assert refusal(fetch(world.acting(Role.ADMINISTRATOR), signal)) == "no-grant"
    assert refusal(fetch(world.acting(Role.ANALYST, "nla"), signal)) == "unknown-signal"
    assert refusal(fetch(world.acting(Role.ANALYST), signal, 2)) == "unknown-attachment"
    coordinator = world.acting(Role.COORDINATOR)
    circle = frozenset((coordinator.person, world.acting(Role.WEIGHER).person))
    named = c.Restrict(people=circle, supervisor=coordinator.person, words=UP_WORDS)
    assert isinstance(do(world, signal, named, Role.COORDINATOR), Done)
    assert refusal(fetch(world.acting(Role.ANALYST), signal)) == "need-to-know"
    assert isinstance(fetch(coordinator, signal), Opened)
    assert [line[2] for line in logged()] == ["no-grant", "need-to-know", ""]


UP_WORDS = Words("Dit is een zin die iets uitlegt.")


def test_without_a_line_in_the_log_nothing_is_handed_out(world: World, raw: Any) -> None:
    signal = filed("politie")
    attach(world, signal)
    with raw(role="seinpost_owner") as connection:
        connection.execute("REVOKE INSERT ON store_viewlog FROM seinpost_app")
    with pytest.raises(DatabaseError, match="viewlog"):
        fetch(world.acting(Role.ANALYST), signal)


def test_a_file_of_another_service_and_of_a_restricted_signal_has_no_row_to_see(world: World, raw: Any) -> None:
    signal = filed("politie")
    attach(world, signal)
    for service, person, count in (("nla", "", 0), ("politie", "", 1)):
        with raw(service, person=person) as connection:
            assert connection.execute("SELECT count(*) FROM store_attachment").fetchone() == (count,)
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("UPDATE store_signal SET need_to_know = ARRAY['x']")
    for person, count in (("x", 1), ("y", 0)):
        with raw("politie", person=person) as connection:
            assert connection.execute("SELECT count(*) FROM store_attachment").fetchone() == (count,)


def test_a_file_that_shows_a_protected_source_is_for_who_may_know_it(world: World) -> None:
    compartment = next(iter(plan().lists[ListName.COMPARTMENTS]))
    signal = filed("politie", received(compartment=compartment))
    attach(world, signal, shows_source=True)
    other = Upload("foto.txt", b"een foto van het huis", 21)
    attach(world, signal, other)
    analyst = world.acting(Role.ANALYST)
    assert refusal(fetch(analyst, signal)) == "compartment"
    assert isinstance(fetch(analyst, signal, 2), Opened)
    assert [line[2] for line in logged()] == ["compartment", ""]


def test_what_is_refused_leaves_neither_row_nor_file(world: World) -> None:
    signal = filed("politie")
    program = Upload("verklaring.pdf", b"MZ\x90\x00", 4)
    refused = do(world, signal, program.command("x", shows_source=False), content=program.content)
    assert codes(refused) == ["attachment-kind"]
    huge = Upload("film.mp4", b"", 26 * 1024 * 1024)
    assert codes(do(world, signal, huge.command("x", shows_source=False), content=b"")) == ["attachment-too-large"]
    with pytest.raises(ValueError, match="not those of its digest"):
        do(world, signal, UP.command("x", shows_source=False), content=b"something else")
    assert (held(), Row.objects.using("owner").count()) == ([], 0)


def test_the_same_file_elsewhere_is_told_before_anybody_opens_it(world: World) -> None:
    one, two, three = filed("politie"), filed("politie", received(text="Heel andere woorden.")), filed("nla")
    for signal in (one, two):
        attach(world, signal)
    attach(world, three, service="nla")
    file = open_signal(acting=world.acting(Role.ANALYST), signal=two, now=LATER)
    assert not isinstance(file, Refused)
    assert [(other.id, other.what) for other in file.related] == [(one, (("file", ""),))]
    assert len(held()) == 2  # one for each service: they share no file


def erase(world: World, signal: UUID) -> Done | Refused:
    command = c.EraseAttachment(digest=UP.digest, words=UP_WORDS)
    return do(world, signal, command, Role.PRIVACY_OFFICER, purpose=Purpose.OVERSIGHT)


def test_erasing_destroys_the_file_and_its_words_and_leaves_the_line(world: World) -> None:
    one, two = filed("politie"), filed("politie")
    for signal in (one, two):
        attach(world, signal)
    assert isinstance(erase(world, one), Done)
    assert held() == [UP.digest]  # the other signal has it still
    assert isinstance(fetch(world.acting(Role.ANALYST), two), Opened)
    assert isinstance(erase(world, two), Done)
    assert held() == []
    file = open_signal(acting=world.acting(Role.ANALYST), signal=one, now=LATER)
    assert not isinstance(file, Refused)
    [line] = file.view.attachments
    assert (line.digest, line.name, line.origin, line.erased_at) == (UP.digest, "", "", LATER)
    assert refusal(fetch(world.acting(Role.ANALYST), one)) == "unknown-attachment"
    texts = list(EventWords.objects.using("owner").values_list("text", flat=True))
    assert texts == [UP_WORDS, UP_WORDS]  # why; neither name nor origin
    assert verify_files().misfits == ()
    attach(world, one)  # the same file may come again, as another line
    assert verify_files().checked == 1


def test_the_database_erases_only_after_the_line_and_nobody_deletes_past_it(world: World, raw: Any) -> None:
    signal = filed("politie")
    attach(world, signal)
    call = "SELECT seinpost_erase_attachment(%s, %s)"
    with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="custody line"):
        connection.execute(call, [signal, UP.digest])
    with raw("nla") as connection, pytest.raises(psycopg.errors.NoDataFound):
        connection.execute(call, [signal, UP.digest])
    for table in ("attachment", "eventwords"):
        with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"DELETE FROM store_{table}")


def test_verify_names_what_is_missing_changed_or_said_otherwise(world: World, raw: Any) -> None:
    signal = filed("politie")
    attach(world, signal)
    place = vault().place("politie", UP.digest)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + b"x")
    assert [one.en for one in verify_files().misfits] == [f"politie/{UP.digest} was changed"]
    with pytest.raises(FileError, match="was changed"):
        fetch(world.acting(Role.ANALYST), signal)
    assert logged() == []
    place.unlink()
    assert [one.nl for one in verify_files().misfits] == [f"politie/{UP.digest} ontbreekt"]
    place.write_bytes(whole)
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("DELETE FROM store_attachment")
    [missing] = verify_files().misfits
    assert "its row is missing" in missing.en


def test_a_file_nothing_points_at_is_swept_when_it_is_old_enough(world: World) -> None:
    signal = filed("politie")
    attach(world, signal)
    stray = vault().put("politie", b"van een wijziging die afbrak")
    part = vault().place("politie", stray).with_name(".part-0000")
    part.write_bytes(b"half")
    assert sweep("politie") == 0
    for path in (*vault().folder.rglob("*"),):
        if path.is_file():
            os.utime(path, (path.stat().st_mtime - 2 * STRAY_SECONDS,) * 2)
    assert sweep("nla") == 0
    assert sweep("politie") == 2
    assert held() == [UP.digest]


def test_files_of_a_form_go_with_it_into_the_signal_or_away(world: World) -> None:
    acting = world.acting(Role.ANALYST)
    colleague = world.acting(Role.DETECTIVE)
    text = Upload("kort.txt", b"kort", 4)
    form, other = (begin_draft(acting=acting, now=LATER) for _ in range(2))
    for draft, upload in ((form, UP), (form, text), (other, UP)):
        assert add_draft_file(acting=acting, draft=draft, upload=upload, now=LATER, plan=plan()) is True
    again = add_draft_file(acting=acting, draft=form, upload=UP, now=LATER, plan=plan())
    assert isinstance(again, Refused)
    assert add_draft_file(acting=colleague, draft=form, upload=UP, now=LATER, plan=plan()) is False
    [_, second] = DraftFile.objects.using("owner").filter(draft=form).order_by("pk").values_list("pk", flat=True)
    assert not drop_draft_file(acting=colleague, draft=form, file=second)
    assert drop_draft_file(acting=acting, draft=form, file=second)
    assert held() == [UP.digest]
    unit = Unit.objects.select_related("service").get(code="politie-team")
    item = received(reading=None, channel="desk", source="melding", external_id=str(form))
    made = file_signal(acting=acting, into=Into(unit), item=item, now=LATER, plan=plan(), draft=form)
    assert not isinstance(made, Refused)
    assert [(one.digest, one.origin) for one in made.view.attachments] == [(UP.digest, "Meegekomen met de melding.")]
    assert isinstance(fetch(acting, made.signal), Opened)
    assert drop_draft(acting=acting, draft=other)
    assert held() == [UP.digest]  # the signal has it
    assert (Draft.objects.using("owner").count(), DraftFile.objects.using("owner").count()) == (0, 0)
    assert verify_files().misfits == ()
    with working_for(as_system("politie"), reach="all"):
        assert Row.objects.get().signal_id == made.signal
