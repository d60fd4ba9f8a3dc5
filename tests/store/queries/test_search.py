"""What people wrote with events is found by who may read it, with where it stands; by nobody else, nor once erased."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest
from psycopg.errors import InsufficientPrivilege
from tests.process.filing.test_kinds import PDF
from tests.store.signals import filed, received
from tests.store.test_act import do
from tests.store.world import LATER, World, make_world

from seinpost.packs.procedure.terms import Role
from seinpost.process import commands as c
from seinpost.process.events import FACTS
from seinpost.process.people import Words
from seinpost.process.shapes import Holder
from seinpost.store.acting import actor_of, working_for
from seinpost.store.actions.act import Done
from seinpost.store.actions.attachments import Upload
from seinpost.store.models import Grant, Unit
from seinpost.store.models.logs import FOUND
from seinpost.store.queries.queue import PAGE
from seinpost.store.queries.search import MOST, NEAR, STEPS, Answers, pieces, search

NEVER = {"source-protected", "attached", "attachment-erased", "glass-broken", "glass-reviewed"}


@pytest.fixture
def world(db: str) -> World:
    """Three services with their people."""
    return make_world()


def find(world: World, asked: str, role: Role = Role.ANALYST, service: str = "politie") -> Answers:
    """What somebody finds."""
    acting = world.acting(role, service)
    with working_for(acting):
        return search(actor_of(acting, LATER), asked, None, LATER)


def places(world: World, asked: str, role: Role = Role.ANALYST, service: str = "politie") -> list[list[str]]:
    """Where each signal that somebody finds answers."""
    answers = find(world, asked, role, service)
    return [[place.kind for place in answers.places[row.id]] for row in answers.page.rows]


def done(world: World, signal: UUID, *asks: c.Command, role: Role = Role.ANALYST, **more: Any) -> None:
    """Somebody does these things, and each is allowed."""
    for ask in asks:
        outcome = do(world, signal, ask, role, **more)
        assert isinstance(outcome, Done), outcome


def look_up(words: str) -> c.RecordLookUp:
    """A look-up outside the steps."""
    return c.RecordLookUp(
        step="other", system="Register", purpose="Wie daar woont.", ground="Artikel 8 Wpg", result="found",
        words=Words(words), grade="official",
    )  # fmt: skip


def test_notes_answers_and_look_ups_are_found_with_where_they_stand(world: World) -> None:
    signal = filed("politie", received(text="Gestolen fiets. De kelder is leeg."))
    me = Holder("politie-team", world.acting(Role.ANALYST).person)
    done(
        world,
        signal,
        c.Note(words=Words("Gebeld over de champignons in de kelder.")),
        c.AskAuthor(id="q1", to=me, questions=("where",), words=Words("Welke zolder bedoelt u?")),
        c.Answer(id="q1", words=Words("Het was het pakhuis aan de haven."), answered=("where",)),
        c.Take(),
        c.Confirm(forms=("ARB",), words=Words("Dit lijkt op dwang met schulden.")),
        look_up("Twaalf mensen ingeschreven op een woonboot."),
    )
    for asked, kinds in {
        "champignon": ["noted"], "zolder": ["task-added"], "pakhuis": ["task-finished"], "dwang": ["confirmed"],
        "woonboot": ["looked-up"], "kelders": ["text", "noted"], "fiets": ["text"],
    }.items():  # fmt: skip
        assert places(world, asked) == [kinds], asked
        assert places(world, asked, Role.COORDINATOR) == [kinds], asked
        assert places(world, asked, Role.ANALYST, "nla") == [], asked
        assert places(world, asked, Role.ADMINISTRATOR) == [], asked
    [place] = find(world, "champignon").places[signal]
    assert place.words == (("Gebeld over de ", False), ("champignons", True), (" in de kelder.", False))


def test_who_works_for_another_unit_or_is_not_named_finds_no_word(world: World) -> None:
    signal = filed("politie")
    done(world, signal, c.Note(words=Words("Gebeld over de champignons.")))
    coordinator = world.acting(Role.COORDINATOR)
    circle = frozenset((coordinator.person, world.acting(Role.WEIGHER).person))
    restrict = c.Restrict(people=circle, supervisor=coordinator.person, words=Words("Er is een lek bij collega's."))
    assert places(world, "champignons") == [["noted"]]
    with working_for(world.acting(Role.DETECTIVE)):
        Grant.objects.filter(role=Role.DETECTIVE.value).update(units=["elsewhere"])
    assert places(world, "champignons", Role.DETECTIVE) == []
    done(world, signal, restrict, role=Role.COORDINATOR)
    for word in ("champignons", "lek"):
        assert places(world, word) == []
        assert len(places(world, word, Role.WEIGHER)) == 1


def test_what_may_name_a_protected_source_is_found_by_nobody(world: World, raw: Any) -> None:
    signal = filed("politie")
    for number, shows in enumerate((True, False)):
        upload = Upload("buurvrouw.pdf", PDF + bytes(number), len(PDF) + number)
        ask = upload.command("Gekregen van de buurvrouw.", shows_source=shows)
        done(world, signal, ask, content=upload.content)
    protect = c.ProtectSource(compartment="confidential", words=Words("De buurvrouw is bang voor de baas."))
    done(world, signal, protect, role=Role.COORDINATOR)
    with working_for(world.acting(Role.COORDINATOR)):
        Grant.objects.filter(role=Role.COORDINATOR.value).update(compartments=["confidential"])
    for role in (Role.ANALYST, Role.COORDINATOR, Role.PRIVACY_OFFICER):
        assert places(world, "buurvrouw", role) == [], role
    done(world, signal, c.Note(words=Words("Baas nagetrokken: niets over een buurvrouw.")))
    assert places(world, "buurvrouw") == [["noted"]]
    with raw("politie", "seinpost_owner") as connection:
        known = connection.execute("SELECT DISTINCT kind FROM store_eventwords WHERE search IS NOT NULL").fetchall()
    assert known == [("noted",)]


def test_words_that_were_erased_are_found_no_more(world: World, raw: Any) -> None:
    signal = filed("politie")
    done(world, signal, c.Note(words=Words("Gebeld over de champignons.")))
    assert places(world, "champignons") == [["noted"]]
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("DELETE FROM store_eventwords")
    assert places(world, "champignons") == []


def test_words_of_before_the_search_knew_them_are_found_after_the_step(world: World, raw: Any) -> None:
    signal = filed("politie")
    done(world, signal, c.Note(words=Words("Gebeld over de champignons.")))
    with raw("politie", "seinpost_owner") as connection:
        connection.execute("ALTER TABLE store_eventwords DISABLE TRIGGER append_only")
        connection.execute("UPDATE store_eventwords SET kind = ''")
        connection.execute("ALTER TABLE store_eventwords ENABLE TRIGGER append_only")
    assert places(world, "champignons") == []
    with raw("politie", "seinpost_owner") as connection:
        connection.execute(import_module("seinpost.store.migrations.0017_words_search").KINDS)
    assert places(world, "champignons") == [["noted"]]
    with raw("politie", "seinpost_owner") as connection, pytest.raises(InsufficientPrivilege, match="append-only"):
        connection.execute("UPDATE store_eventwords SET kind = ''")


def test_every_kind_of_event_with_words_is_found_or_left_out_on_purpose() -> None:
    written = {kind for kind, fact in FACTS.items() if holds_words(fact)}
    assert (set(FOUND) | NEVER, set(FOUND) & NEVER) == (written, set())


def holds_words(shape: Any) -> bool:
    """Whether a value of this shape can hold what a person typed."""
    if shape is Words or not is_dataclass(shape):
        return shape is Words or any(holds_words(part) for part in get_args(shape))
    hints = get_type_hints(shape)
    return any(holds_words(hints[one.name]) for one in fields(shape))


COPIES = """
INSERT INTO store_signal OVERRIDING SYSTEM VALUE
  SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'number', 1000000 + n,
    'external_id', 'copy ' || n, 'unit_id', 'politie-other', 'received_at', s.received_at + interval '1 hour'))).*
  FROM store_signal AS s, generate_series(1, %s) AS n;
"""
TEXTS = """
INSERT INTO store_textversion (service_id, signal_id, number, text, digest, recorded_at, recorded_by)
  SELECT service_id, id, 1, 'De baas nam paspoorten af.', digest, received_at, 'system' FROM store_signal
  WHERE unit_id = 'politie-other'
"""


@pytest.mark.parametrize(("others", "told"), [(MOST + 1, MOST), (NEAR + 1, STEPS[1])])
def test_however_many_one_may_not_see_answer_too_one_finds_ones_own(
    world: World, raw: Any, others: int, told: int
) -> None:
    filed("politie")
    team = Unit.objects.get(code="politie-team")
    same = {"service": team.service, "task": team.task, "processing": team.processing}
    Unit.objects.create(code="politie-other", name_nl="o", name_en="o", **same)
    with working_for(world.acting(Role.COORDINATOR)):
        Grant.objects.filter(role=Role.ANALYST.value).update(units=["politie-team"])
    with raw("politie", "seinpost_owner") as connection:
        connection.execute(COPIES, [others])
        connection.execute(TEXTS)
        connection.execute("UPDATE store_signal SET unit_id = 'politie-other'")
    mine = filed("politie")  # last in the table, and not the newest
    answers = find(world, "paspoorten")
    assert ([row.id for row in answers.page.rows], answers.page.total, answers.page.more) == ([mine], 1, False)
    everything = find(world, "paspoorten", Role.COORDINATOR).page
    assert (everything.total, everything.more, len(everything.rows)) == (told, True, PAGE)
    assert mine not in {row.id for row in everything.rows}, "the newest first"


@pytest.mark.parametrize(
    ("text", "cut", "said"),
    [
        ("De baas sloeg.", "De \ue000baas\ue001 sloeg.", "De [baas] sloeg."),
        ("De baas sloeg hem.", "\ue000baas\ue001 sloeg", "… [baas] sloeg …"),
        ("baas, baas", "\ue000baas\ue001, \ue000baas\ue001", "[baas], [baas]"),
        ("De baas", "De baas", "De baas"),
    ],
)
def test_a_piece_says_which_words_answer_and_whether_the_text_goes_on(text: str, cut: str, said: str) -> None:
    assert "".join(f"[{part}]" if hit else part for part, hit in pieces(text, cut)) == said
