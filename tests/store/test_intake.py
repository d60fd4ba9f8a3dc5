"""Intake: nothing twice, nothing lost, other words are a version, and the balance comes out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.database import close_all
from tests.store.signals import TEXT, received
from tests.store.world import NOW, World, make_world, new_id, plan

from seinpost.packs.procedure.terms import Role
from seinpost.process.shapes import Refused, Urgency
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.intake import Into, Place, file_batch, file_signal
from seinpost.store.actions.versions import stored_text
from seinpost.store.audit.stored import verify_stored
from seinpost.store.models import Contribution, Hit, Import, ImportFault, Signal, SignalKey, TextVersion, Unit
from seinpost.store.received import Received, ReceivedHit


@pytest.fixture
def world(db: str) -> World:
    """Three services with their people."""
    return make_world()


def into(service: str = "politie") -> Into:
    """The unit of a service."""
    return Into(Unit.objects.select_related("service").get(code=f"{service}-team"))


def batch_of(count: int, service: str = "politie") -> UUID:
    """An import that expects so many."""
    made = Import(
        service_id=service, unit_id=f"{service}-team", source="run", digest=new_id().hex, pack="nl 1", received=count,
        not_kept=0, failed=0, started_at=NOW,
    )  # fmt: skip
    with working_for(as_system(service)):
        made.save()
    return made.pk


def hand_in(items: list[Received], service: str = "politie") -> dict[str, int]:
    """Hand in one batch."""
    batch = batch_of(len(items), service)
    counts = file_batch(
        acting=as_system(service), batch=batch, into=into(service), items=items, now=NOW, plan=plan()
    )  # fmt: skip
    stored = Import.objects.using("owner").get(pk=batch)
    assert stored.received == stored.filed + stored.known + stored.corrected + stored.refused
    return dict(counts)


def test_a_registration_is_filed_with_its_words_and_what_the_scan_said(world: World) -> None:
    assert hand_in([received("R-a")]) == {"filed": 1}
    signal = Signal.objects.using("owner").get()
    assert (signal.external_id, signal.layer, signal.score, signal.from_scan) == ("R-a", "A", 3.5, True)
    version = TextVersion.objects.using("owner").get()
    assert (version.text, version.number) == (TEXT, 1)
    hit = Hit.objects.using("owner").get()
    assert version.text[hit.start : hit.end] == hit.quote == "paspoorten"
    assert Contribution.objects.using("owner").get().weight == 3.5
    assert list(SignalKey.objects.using("owner").values_list("kind", "key")) == [("phone", "+31612345678")]


def test_handing_in_again_changes_nothing(world: World) -> None:
    items = [received(f"R{n}") for n in range(5)]
    assert hand_in(items) == {"filed": 5}
    assert hand_in(items) == {"known": 5}
    assert hand_in([items[0], items[0], received("new"), received("new")]) == {"known": 2 + 1, "filed": 1}
    assert Signal.objects.using("owner").count() == 6


def test_other_words_under_a_known_id_are_a_version_and_the_first_words_stay(world: World) -> None:
    hand_in([received("R1", "De baas heeft de paspoorten.")])
    assert hand_in([received("R1", "De baas heeft de paspoorten niet.")]) == {"corrected": 1}
    assert hand_in([received("R1", "De baas heeft de paspoorten niet.")]) == {"known": 1}
    texts = TextVersion.objects.using("owner").order_by("number").values_list("number", "text")
    assert list(texts) == [(1, "De baas heeft de paspoorten."), (2, "De baas heeft de paspoorten niet.")]
    assert Signal.objects.using("owner").get().events == 2


def test_what_was_found_in_other_words_is_kept_with_their_version(world: World) -> None:
    hand_in([received("R1", "De baas heeft de paspoorten.")])
    start = TEXT.index("paspoorten")
    assert hand_in([received("R1", TEXT)]) == {"corrected": 1}
    hard = ReceivedHit("GEW-01", "GEW-01/1", 0, 4, "negated", TEXT[:4])
    assert hand_in([received("R1", f"{TEXT} Meer.", reading=None, distressing=(hard,))]) == {"corrected": 1}
    hits = Hit.objects.using("owner").order_by("version").values_list("version", "indicator", "start")
    assert list(hits)[1:] == [(2, "DOC01", start), (3, "GEW-01", 0)]


def test_a_minor_in_other_words_brings_it_before_the_rest(world: World) -> None:
    hand_in([received("R1", "De baas heeft de paspoorten.")])
    before = Signal.objects.using("owner").get()
    hand_in([received("R1", "De baas heeft de paspoorten van het meisje.", urgency=Urgency(minor=True))])
    after = Signal.objects.using("owner").get()
    assert (before.minor, after.minor) == (False, True)
    assert None not in (before.due, after.due)
    assert str(after.due) < str(before.due)
    assert verify_stored().breaks == ()


def test_one_batch_may_bring_a_registration_and_other_words_for_it(world: World) -> None:
    items = [received("a"), received("b", TEXT), received("b", "Andere woorden."), received("c"), received("b", TEXT)]
    assert hand_in(items) == {"filed": 3, "corrected": 1, "known": 1}
    texts = TextVersion.objects.using("owner").filter(signal__external_id="b").order_by("number")
    assert list(texts.values_list("text", flat=True)) == [TEXT, "Andere woorden."]
    assert hand_in(items) == {"known": 5}
    assert verify_stored().breaks == ()


def test_the_same_id_at_two_services_are_two_signals(world: World) -> None:
    assert hand_in([received("R1")]) == {"filed": 1}
    assert hand_in([received("R1")], "nla") == {"filed": 1}


def test_what_cannot_be_filed_is_kept_with_its_place_and_not_its_words(world: World) -> None:
    assert hand_in([received("R1", channel="no-such-channel"), received("R2")]) == {"refused": 1, "filed": 1}
    fault = ImportFault.objects.using("owner").get()
    assert fault.place == "bvh R1"
    assert "no-such-channel" in fault.problem
    assert "paspoorten" not in fault.problem


@pytest.mark.parametrize(
    "change", [{"external_id": "x" * 300}, {"external_id": "a\0"}, {"author": "y" * 500}, {"source": "\ud800"}]
)
def test_a_row_with_too_much_in_a_field_does_not_stop_the_others(world: World, change: dict[str, str]) -> None:
    long = replace(received("R1"), **change)  # type: ignore[arg-type]
    assert hand_in([long, received("R2")]) == {"refused": 1, "filed": 1}


def test_a_batch_that_breaks_off_leaves_nothing(world: World) -> None:
    batch = batch_of(2)
    broken = replace(received("R2"), details={"when": object()})
    with pytest.raises(TypeError, match="JSON"):
        file_batch(
            acting=as_system("politie"), batch=batch, into=into(), items=[received("R1"), broken], now=NOW, plan=plan()
        )
    assert not Signal.objects.using("owner").exists()
    assert verify_stored().checked == 0


def test_four_importers_of_the_same_file_at_once_file_each_registration_once(world: World) -> None:
    items = [received(f"R{n}") for n in range(40)]

    def work(_: int) -> None:
        try:
            for start in range(0, 40, 10):
                hand_in(items[start : start + 10])
        finally:
            close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert Signal.objects.using("owner").count() == 40
    verdict = verify_stored()
    assert (verdict.checked, verdict.breaks) == (40, ())


def test_a_person_files_a_signal_that_is_one_already(world: World) -> None:
    item = received("F1", reading=None, channel="desk", source="form", urgency=Urgency(minor=True))
    place = file_signal(acting=world.acting(Role.ANALYST), into=into(), item=item, now=NOW, plan=plan())
    assert isinstance(place, Place)
    again = file_signal(acting=world.acting(Role.ANALYST), into=into(), item=item, now=NOW, plan=plan())
    assert isinstance(again, Place)
    assert again.signal == place.signal
    row = Signal.objects.using("owner").get()
    assert (row.from_scan, row.minor, row.layer) == (False, True, "")


def test_a_person_of_another_service_may_not_file_here(world: World) -> None:
    item = received("F1", reading=None, channel="desk", source="form")
    refused = file_signal(acting=world.acting(Role.ANALYST, "nla"), into=into(), item=item, now=NOW, plan=plan())
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == ["other-service"]


@given(st.text(st.characters(), max_size=60))
def test_any_text_can_be_stored_and_its_places_stay(text: str) -> None:
    stored = stored_text(text)
    assert len(stored) == len(text)
    assert (stored.encode() and "\0" not in stored) or text == ""
    assert all(a == b or b == "\ufffd" for a, b in zip(text, stored, strict=True))


def test_texts_as_hard_as_they_come_are_filed_and_found_again(world: World, raw: Any) -> None:
    texts = ["", "a\0b", "\ud800", "é" * 5000, "<script>alert(1)</script>", "'; DROP TABLE store_signal; --", "😀" * 3]
    assert hand_in([received(f"R{n}", text, reading=None) for n, text in enumerate(texts)]) == {"filed": len(texts)}
    stored = TextVersion.objects.using("owner").order_by("signal__external_id").values_list("text", flat=True)
    assert list(stored) == [stored_text(text) for text in texts]
