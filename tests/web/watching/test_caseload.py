"""The work at hand: each number is that of the queue it links to, nobody is ranked, only who coordinates sees it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.store.world import make_person
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import SENTENCE, done

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.process.shapes import Urgency
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Grant, Person, Signal, Unit, ViewLog
from seinpost.web.work.caseload import FIT

ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.S)
CELL = re.compile(r'data-label="([^"]+)">(?:<a href="([^"]+)"[^>]*>)?(\d+)')


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def page(client: Client) -> str:
    answer = client.get(reverse("caseload"))
    assert answer.status_code == 200
    return answer.content.decode()


def table(text: str) -> dict[str, dict[str, tuple[int, str]]]:
    """The table: of each name, each number with its address."""
    found = {}
    for name, cells in ROW.findall(text):
        numbers = {unescape(label): (int(count), unescape(url)) for label, url, count in CELL.findall(cells)}
        found[unescape(re.sub(r"<.*?>.*?</.*?>", "", name)).strip()] = numbers
    return found


def shown(client: Client, address: str) -> set[str]:
    """The signals that a queue shows."""
    return set(re.findall(r'href="/signalen/([0-9a-f-]{36})/(?:\?[^"]*)?"', client.get(address).content.decode()))


def give(office: Office, key: UUID, person: Person, unit: str = "politie-team") -> None:
    coordinator = office.client(Role.COORDINATOR)
    done(coordinator, key, Verb.ASSIGN, unit=unit, person=str(person.pk), words="")


def dated(key: UUID, **moments: Any) -> None:
    with connections["owner"].cursor() as cursor:
        for column, moment in moments.items():
            cursor.execute(f"UPDATE store_signal SET {column} = %s WHERE id = %s", [moment, key])


def fill(office: Office) -> dict[str, UUID]:
    """Work of every kind with the analyst: late, very late, urgent, waiting for another, put off, with a task."""
    analyst = office.world.people["politie", Role.ANALYST]
    kinds = ("plain", "late", "very", "urgent", "waits", "later", "task", "paused")
    found = {kind: file_one("politie", urgency=Urgency(minor=kind == "urgent")) for kind in kinds}
    for key in found.values():
        give(office, key, analyst)
    client, now, soon = office.client(Role.ANALYST), timezone.now(), date.today() + timedelta(days=5)
    dated(found["very"], due=now - timedelta(days=3), very_late=now - timedelta(days=2))
    dated(found["late"], due=now - timedelta(days=1), very_late=now + timedelta(days=1))
    done(client, found["later"], Verb.POSTPONE, until=soon, words=SENTENCE)
    done(client, found["paused"], Verb.PAUSE, reason="waiting-author", until=soon, words=SENTENCE)
    due = date.today().isoformat()
    task = {"kind": "call-somebody", "by": str(office.world.people["politie", Role.WEIGHER].pk), "due": due}
    done(client, found["task"], Verb.ADD_TASK, words=SENTENCE, **task)
    other = office.world.people["politie", Role.DETECTIVE].pk
    dated(found["waits"], next_person_id=other)
    return found


def test_each_number_is_that_of_the_queue_it_links_to(office: Office) -> None:
    made = fill(office)
    coordinator = office.client(Role.COORDINATOR)
    rows = table(page(coordinator))
    name = office.world.people["politie", Role.ANALYST].name
    numbers = {label: count for label, (count, _url) in rows[name].items()}
    assert numbers == {
        "Open": 8, "Spoed": 1, "Te laat": 2, "Veel te laat": 1, "Wacht op een ander": 2, "Uitgesteld": 1,
        "Taak vandaag of te laat": 1,
    }  # fmt: skip
    assert rows["nog van niemand"]["Open"][0] == 1
    assert rows["Eenheid samen"]["Open"][0] == 9
    wanted = {
        "Spoed": {"urgent"}, "Veel te laat": {"very"}, "Te laat": {"late", "very"}, "Uitgesteld": {"later"},
        "Wacht op een ander": {"waits", "paused"}, "Taak vandaag of te laat": {"task"}, "Open": set(made),
    }  # fmt: skip
    for label, kinds in wanted.items():
        assert shown(coordinator, rows[name][label][1]) == {str(made[kind]) for kind in kinds}, label
    for row, cells in rows.items():
        for label, (count, url) in cells.items():
            assert bool(url) == bool(count), (row, label)
            assert not url or len(shown(coordinator, url)) == count, (row, label)


def test_people_stand_by_name_and_never_by_number_and_the_bars_say_what_the_table_says(office: Office) -> None:
    fill(office)
    give(office, office.signal, office.world.people["politie", Role.WEIGHER])
    text = page(office.client(Role.COORDINATOR))
    names = [name for name in table(text) if name not in ("nog van niemand", "Eenheid samen")]
    assert names == sorted(names)
    assert len(names) > 4, "also who has nothing"
    assert "staan op naam, nooit op aantal" in text
    bars = re.findall(r'<text x="0"[^>]*>([^<]+)</text>.*?<text x="[\d.]+"[^>]*>(\d+)</text>', text)
    said = [(name, cells["Open"][0]) for name, cells in table(text).items() if name != "Eenheid samen"]
    assert [(unescape(name), int(count)) for name, count in bars] == [
        (name if len(name) <= FIT else name[: FIT - 1] + "…", count) for name, count in said
    ]
    pieces = re.findall(r'class="sp-loads__([a-z-]+)" x="([\d.]+)" y="(\d+)" width="([\d.]+)"', text)
    one = next(y for kind, _x, y, _width in pieces if kind == "very-late")
    widths = {kind: float(width) for kind, _x, y, width in pieces if y == one}
    assert widths["on-time"] == pytest.approx(6 * widths["very-late"], abs=1)
    assert widths["late"] == widths["very-late"], "one of each; six are on time"


def test_who_left_or_has_no_right_any_more_stands_on_top_with_their_work(office: Office) -> None:
    analyst, weigher = (office.world.people["politie", role] for role in (Role.ANALYST, Role.WEIGHER))
    mine, other = office.signal, file_one("politie")
    give(office, mine, analyst)
    give(office, other, weigher)
    coordinator = office.client(Role.COORDINATOR)
    assert "Dit moet iemand anders overnemen" not in page(coordinator)
    Grant.objects.using("owner").filter(person=analyst).update(ends=timezone.now() - timedelta(minutes=1))
    Person.objects.using("owner").filter(pk=weigher.pk).update(is_active=False)
    text = page(coordinator)
    top = text[text.index("Dit moet iemand anders overnemen") : text.index('class="sp-panel"')]
    for person, key, why in ((analyst, mine, "geen geldig recht meer"), (weigher, other, "vertrokken")):
        [line] = [one for one in re.findall(r"<li>.*?</li>", top, re.S) if person.name in one]
        assert why in line
        [link] = re.findall(r'href="([^"]+)"', line)
        assert shown(coordinator, unescape(link)) == {str(key)}
    nothing = office.world.people["politie", Role.DETECTIVE]
    Grant.objects.using("owner").filter(person=nothing).update(ends=timezone.now() - timedelta(minutes=1))
    assert nothing.name not in page(coordinator), "whose rights ended and who has nothing is no matter of this page"


def test_only_who_coordinates_a_unit_sees_it_and_that_unit_only(office: Office) -> None:
    with working_for(as_system("politie")):
        team = Unit.objects.select_related("service").get(code="politie-team")
        Unit.objects.create(
            code="politie-noord", service=team.service, task=team.task, processing=team.processing,
            name_nl="Eenheid Noord", name_en="North",
        )  # fmt: skip
        bound = make_person(team, Role.COORDINATOR)
        Grant.objects.filter(person=bound).update(units=["politie-team"])
        there = make_person(Unit.objects.select_related("service").get(code="politie-noord"), Role.ANALYST)
    assert "Eenheid Noord" in page(office.client(Role.COORDINATOR))
    assert there.name in page(office.client(Role.COORDINATOR))
    assert "Eenheid Noord" not in page(browser(bound))
    assert there.name not in page(browser(bound))
    for role in (Role.ANALYST, Role.DETECTIVE, Role.AUDITOR, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR):
        assert office.client(role).get(reverse("caseload")).status_code == 404
    outsider = page(office.client(Role.COORDINATOR, "nla"))
    assert "politie" not in outsider
    assert ">0<" in outsider


def test_what_is_nobodys_is_spread_from_here(office: Office) -> None:
    client = office.client(Role.COORDINATOR)
    [address] = re.findall(r'method="post" action="(/wachtrij/verdelen/[^"]+)"', page(client))
    first = client.post(unescape(address), {"all": "on"}).content.decode()
    assert re.findall(r'name="signal" value="([^"]+)"', first) == [str(office.signal)]
    give(office, office.signal, office.world.people["politie", Role.ANALYST])
    assert "/wachtrij/verdelen/" not in page(client)


def test_a_look_is_recorded_and_what_is_restricted_is_in_nobody_elses_number(office: Office) -> None:
    named = [str(office.world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    done(
        office.client(Role.COORDINATOR), office.signal, Verb.RESTRICT, people=named, supervisor=named[0], words=SENTENCE
    )
    with working_for(as_system("politie")):
        other = make_person(Unit.objects.select_related("service").get(code="politie-team"), Role.COORDINATOR)
    assert table(page(office.client(Role.COORDINATOR)))["Eenheid samen"]["Open"][0] == 1
    assert table(page(browser(other)))["Eenheid samen"]["Open"][0] == 0
    look = ViewLog.objects.using("owner").filter(subject="caseload").latest("pk")
    assert (look.person, look.verb, look.purpose, look.count) == (str(other.pk), "count", "coordination", 0)


def test_it_takes_as_many_queries_however_much_work_and_however_many_people(office: Office) -> None:
    client, counted = office.client(Role.COORDINATOR), []
    page(client)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(client)
        counted.append(len(queries))
        with working_for(as_system("politie")):
            team = Unit.objects.select_related("service").get(code="politie-team")
            people = [make_person(team, Role.ANALYST) for _ in range(3)]
        for person in people:
            give(office, file_one("politie"), person)
    assert counted[0] == counted[1]
    assert Signal.objects.using("owner").filter(owner__isnull=False).count() == 6


def test_the_queue_never_takes_up_what_was_put_off_also_when_it_shows_it(office: Office) -> None:
    client, soon = office.client(Role.ANALYST), date.today() + timedelta(days=5)
    done(client, office.signal, Verb.POSTPONE, until=soon, words=SENTENCE)
    asked = {"uitgesteld": "alleen"}
    assert shown(client, reverse("queue", query=asked)) == {str(office.signal)}
    assert shown(client, reverse("queue", query={"alles": "ja"})) == set()
    answer = client.post(reverse("take-next", query=asked))
    assert answer.headers["Location"].startswith(reverse("queue"))
