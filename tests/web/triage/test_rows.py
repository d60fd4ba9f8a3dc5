"""What a line of the queue tells before anybody opens it, in the table and on the cards."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import do, done

from seinpost.packs.procedure.terms import Purpose, Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import Look, record_look
from seinpost.store.models import Signal
from seinpost.web.reader import names

VIEWS: tuple[dict[str, str], ...] = ({}, {"weergave": "kaarten"})
APART = "Een heel ander verhaal, zonder iets dat ergens anders staat."


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def line(client: Client, key: UUID, **query: str) -> str:
    """The row or the card of one signal."""
    page = client.get(reverse("queue", query=query)).content.decode()
    for part in re.split(r"<tr>|<li class=\"sp-panel\">", page):
        if f'href="{reverse("signal", args=[key])}' in part:
            return part
    return ""


def test_somebody_else_who_has_it_open_or_in_hand_is_named_on_its_line_and_on_its_page(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    name = office.world.people["politie", Role.WEIGHER].name
    address = reverse("signal", args=[office.signal])
    for view in VIEWS:
        assert name not in line(analyst, office.signal, **view)
    assert name not in analyst.get(address).content.decode()
    weigher.get(address)
    for view in VIEWS:
        assert f"open bij {name}" in line(analyst, office.signal, **view), view
        assert name not in line(weigher, office.signal, **view), "nobody is told of their own looking"
    assert f"{name} heeft dit signaal nu ook open" in analyst.get(address).content.decode()
    weigher.post(reverse("signal-decide", args=[office.signal]), {"choice": "take"})
    for view in VIEWS:
        told = line(analyst, office.signal, **view)
        assert f"in behandeling bij {name}" in told
        assert "open bij" not in told, "once is enough"
        assert "in behandeling" not in line(weigher, office.signal, **view)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE store_signal SET held_until = now() - interval '1 minute'")
    for view in VIEWS:
        assert "in behandeling" not in line(analyst, office.signal, **view), "a lock has an end"


def test_who_looked_at_it_long_ago_does_not_have_it_open(office: Office) -> None:
    analyst, acting = office.client(Role.ANALYST), office.world.acting(Role.COORDINATOR)
    for minutes, told in ((11, False), (9, True)):
        at = timezone.now() - timedelta(minutes=minutes)
        with working_for(acting):
            record_look(Look(acting=acting, at=at, purpose=Purpose.FOLLOW_UP, verb=Verb.READ, signal=office.signal))
        assert ("open bij" in line(analyst, office.signal)) is told, minutes


def test_what_is_related_is_counted_before_opening(office: Office) -> None:
    same_phone = file_one("politie", text="Ander verhaal. Gebeld door 0612345678 over werk.")
    same_text, alone = file_one("politie"), file_one("politie", text=APART)
    file_one("nla")
    analyst = office.client(Role.ANALYST)
    for view in VIEWS:
        assert "2 verwant: telefoon, zelfde tekst" in line(analyst, office.signal, **view)
        assert "2 verwant: telefoon, zelfde tekst" in line(analyst, same_text, **view)
        assert "2 verwant: telefoon<" in line(analyst, same_phone, **view)
        assert "verwant" not in line(analyst, alone, **view)
    for _ in range(20):
        file_one("politie")
    assert "20+ verwant" in line(analyst, office.signal)


def test_what_came_back_says_so_with_why_and_who_put_it_off(office: Office) -> None:
    analyst, plain = office.client(Role.ANALYST), file_one("politie", text=APART)
    tomorrow = timezone.localdate() + timedelta(days=1)
    done(analyst, office.signal, Verb.POSTPONE, until=tomorrow, words="Morgen is de verbalisant er weer.")
    assert line(analyst, office.signal) == ""
    came = timezone.now() - timedelta(hours=1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE store_signal SET due = %s WHERE id = %s", [came, office.signal])
    name = office.world.people["politie", Role.ANALYST].name
    for view in VIEWS:
        told = line(analyst, office.signal, **view)
        assert "terug in de wachtrij" in told
        assert f"door {name}: “Morgen is de verbalisant er weer.”" in told
        assert "terug in de wachtrij" not in line(analyst, plain, **view)


def test_a_card_tells_what_a_row_tells(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    with working_for(as_system("politie")):
        due = date_format(timezone.localtime(Signal.objects.get(pk=office.signal).due), "j b")
    name = office.world.people["politie", Role.ANALYST].name
    for view in VIEWS:
        told = line(analyst, office.signal, **view)
        for said in (names()["form"]["ARB"][0], name, "Uiterlijk", f">{due}</time>"):
            assert said in told, (view, said)


def test_a_page_with_everything_on_it_costs_the_same_number_of_queries_however_long(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    counts, signals = [], [office.signal]
    for _ in range(2):
        for key in signals:
            weigher.get(reverse("signal", args=[key]))
            do(analyst, key, Verb.POSTPONE, until=date.today() + timedelta(days=2), words="Morgen is hij er weer.")
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE store_signal SET due = now() WHERE diary IS NOT NULL")
        analyst.get(reverse("queue"))
        with CaptureQueriesContext(connection) as queries:
            page = analyst.get(reverse("queue")).content.decode()
        counts.append(len(queries))
        assert page.count("terug in de wachtrij") == len(signals)
        signals = [office.signal, *(file_one("politie") for _ in range(6))]
    assert counts[0] == counts[1]
