"""The two logs as those who watch over the work read them: what they ask for, page after page, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.store.world import make_person, plan
from tests.web.people import Office, file_one, open_office

from seinpost.packs.procedure.terms import Processing, Purpose, Role, Task
from seinpost.process.speech import reference
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.duty import prove_nightly, record_export
from seinpost.store.actions.people import Right, end_right
from seinpost.store.actions.staff import (
    Answer,
    answer_right,
    end_sessions,
    grant_role,
    lift_lock,
    record_lock,
    reset_factor,
)
from seinpost.store.log import append_record
from seinpost.store.machines.keys import MadeKey, Scope, end_key, make_key
from seinpost.store.models import CaseEvent, Grant, Person, Proposal, Signal, Unit, ViewLog
from seinpost.store.queries.people import seen_digest
from seinpost.web.logs.records import kinds_told

ROW = re.compile(r"<tr><th scope=\"row\">(.*?)</tr>", re.DOTALL)
RECORDS = re.compile(r"append_record\(\s*[^,]+,\s*(?:\"([a-z-]+)\"|([A-Z]+))")
PAGE = 100


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def rows(client: Client, address: str) -> list[str]:
    """The lines of a log as somebody reads them."""
    page = client.get(address)
    assert page.status_code == 200, address
    found = ROW.findall(page.content.decode())
    return [unescape(re.sub(r"<[^>]+>", " ", row)) for row in found]


def link(client: Client, address: str, rel: str) -> str:
    """Where the pager leads."""
    found = re.search(rf'href="([^"]*)" rel="{rel}"', client.get(address).content.decode())
    return unescape(found[1]) if found else ""


def test_the_view_log_is_asked_by_person_signal_verb_and_day_on_the_page_itself(office: Office) -> None:
    analyst, weigher = (office.world.people["politie", role] for role in (Role.ANALYST, Role.WEIGHER))
    second = file_one("politie")
    for role, key in ((Role.ANALYST, office.signal), (Role.ANALYST, second), (Role.WEIGHER, office.signal)):
        office.client(role).get(reverse("signal", args=[key]))
    office.client(Role.ANALYST).get(reverse("queue"))
    client, log = office.client(Role.PRIVACY_OFFICER), reverse("view-log")
    page = client.get(log).content.decode()
    assert all(f'value="{person.pk}"' in page for person in (analyst, weigher))
    assert str(office.world.people["nla", Role.ANALYST].pk) not in page, "people of the own service only"
    number = Signal.objects.using("owner").get(pk=office.signal).number
    for typed in (reference("politie", number), str(number), str(office.signal)):
        found = rows(client, f"{log}?persoon={analyst.pk}&signaal={typed}&wat=read")
        assert len(found) == 1, typed
        assert analyst.name in found[0]
        assert reference("politie", number) in found[0]
    assert len(rows(client, f"{log}?persoon={analyst.pk}&wat=read")) == 2
    assert len(rows(client, f"{log}?persoon={weigher.pk}&wat=read")) == 1
    shown = client.get(f"{log}?persoon={analyst.pk}&wat=read").content.decode()
    assert f'value="{analyst.pk}" selected' in shown
    assert 'value="read" selected' in shown


def test_days_are_those_of_the_clock_on_the_wall_and_the_last_one_belongs_to_them(office: Office) -> None:
    analyst = office.world.people["politie", Role.ANALYST]
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight on 1 July
    looked(analyst, late, 1)
    client, log = office.client(Role.AUDITOR), reverse("view-log")
    for asked, count in (("van=2026-07-01&tot=2026-07-01", 1), ("tot=2026-06-30", 0), ("van=2026-07-02", 0)):
        assert len(rows(client, f"{log}?persoon={analyst.pk}&{asked}")) == count, asked


def looked(person: Person, at: datetime, count: int) -> None:
    ViewLog.objects.using("owner").bulk_create(
        ViewLog(service="politie", at=at, person=str(person.pk), purpose="follow-up", verb="search", subject="x")
        for _ in range(count)
    )


def test_the_pager_keeps_what_was_asked(office: Office) -> None:
    analyst, weigher = (office.world.people["politie", role] for role in (Role.ANALYST, Role.WEIGHER))
    looked(weigher, datetime(2026, 6, 1, tzinfo=UTC), PAGE)
    looked(analyst, datetime(2026, 6, 1, tzinfo=UTC), PAGE + 1)
    client, log = office.client(Role.PRIVACY_OFFICER), reverse("view-log")
    asked = f"?persoon={analyst.pk}&wat=search&van=2026-06-01"
    assert len(rows(client, log + asked)) == PAGE
    older = log + link(client, log + asked, "next")
    assert older.startswith(f"{log}?persoon={analyst.pk}")
    assert "van=2026-06-01" in older
    [last] = rows(client, older)
    assert analyst.name in last
    assert link(client, older, "next") == ""
    assert len(rows(client, log + link(client, older, "prev"))) == PAGE


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("signaal=P-999999", "Er is geen signaal met dit nummer"),
        ("signaal=onzin", "Er is geen signaal met dit nummer"),
        ("persoon=onzin", "onzin"),
        ("wat=kijken", "kijken"),
        ("van=morgen", "geldige datum"),
        ("van=0001-01-01", "2000"),
        ("van=2026-07-02&tot=2026-07-01", "De laatste dag ligt voor de eerste"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field_and_shows_no_line(office: Office, asked: str, said: str) -> None:
    client = office.client(Role.PRIVACY_OFFICER)
    client.get(reverse("view-log"))  # a line to show
    page = client.get(f"{reverse('view-log')}?{asked}").content.decode()
    assert not ROW.findall(page)
    errors = " ".join(re.findall(r'class="sp-field__error"[^>]*>(.*?)</p>', page))
    assert said in errors


def test_a_signal_of_another_service_is_no_signal(office: Office) -> None:
    number = Signal.objects.using("owner").get(pk=file_one("nla")).number
    page = office.client(Role.PRIVACY_OFFICER).get(f"{reverse('view-log')}?signaal={number}").content.decode()
    assert "Er is geen signaal met dit nummer" in page


def make_records(office: Office) -> tuple[Person, Person]:
    """Everything that is recorded about no signal, as it happens; who did it, and about whom."""
    now, people = datetime.now(UTC), office.world.people
    boss, person = people["politie", Role.ADMINISTRATOR], people["politie", Role.ANALYST]
    acting, unit = office.world.acting(Role.ADMINISTRATOR), Unit.objects.get(pk="politie-team")
    right = Right(
        role=Role.WEIGHER, task=Task.POLICE, processing=Processing.WPG_8, purposes=frozenset((Purpose.FOLLOW_UP,)),
        starts=now, ends=now + timedelta(days=30), units=("politie-team",),
    )  # fmt: skip
    asked = grant_role(acting=acting, person=person, right=right, now=now, plan=plan(), words="Valt in voor een ander.")
    assert isinstance(asked, Proposal)
    with working_for(as_system("politie")):
        seen = seen_digest(asked, now)
    second, answer = office.world.acting(Role.PRIVACY_OFFICER), Answer(agrees=True, seen=seen)
    done = answer_right(acting=second, proposal=asked.pk, answer=answer, now=now, plan=plan())
    assert isinstance(done, Proposal)
    with working_for(as_system("politie")):
        given = Grant.objects.get(agreed_by=second.person)
    end_right(acting=acting, grant=given.pk, now=now)
    made = make_key(
        acting=acting, unit=unit, source="bvh", name="Koppeling met de bron", scopes=frozenset((Scope.INTAKE_WRITE,)),
        ends=now + timedelta(days=1), now=now,
    )  # fmt: skip
    assert isinstance(made, MadeKey)
    end_key(acting=acting, key=made.key.pk, now=now)
    record_lock(login=person.login, now=now)
    lift_lock(acting=acting, person=person, now=now)
    reset_factor(acting=acting, person=person, now=now, by_mail=False)
    end_sessions(acting=acting, person=person, now=now)
    prove_nightly(now=now, plan=plan())
    record_export(purpose=Purpose.OVERSIGHT, now=now)
    with working_for(as_system("politie")):
        append_record("politie", "drafts-destroyed", "system", now, {"count": 3, "before": now.isoformat()})
    return boss, person


def test_what_is_about_no_signal_is_read_in_words_by_who_oversees(office: Office) -> None:
    _boss, person = make_records(office)
    log = reverse("records")
    for role in (Role.PRIVACY_OFFICER, Role.AUDITOR):
        found = rows(office.client(role), log)
        told = "\n".join(found)
        for said in (
            *("Recht voorgesteld", "toelichting: Valt in voor een ander.", "tweede persoon: privacy-officer"),
            *("Recht gegeven", "Recht beëindigd", "Sleutel gemaakt", "Sleutel beëindigd", "Blokkade opgeheven"),
            *("Inlog geblokkeerd", "Tweede factor gewist", "Sessies beëindigd", "Waarborg bewezen"),
            *("Logboek uitgevoerd naar een bestand", "doel: Toezicht"),
            *("Concepten vernietigd", "aantal: 3", "rol: Weger", "sleutel: Koppeling met de bron"),
            *(f"persoon: {person.name}", "doelen: Opvolging", "signalen nagekeken: 1"),
        ):
            assert said.lower() in told.lower(), said
        assert str(person.pk) not in told, "by name"
        assert "weigher" not in told, "no code"
        numbers = [int(row.split()[-1]) for row in found]
        assert numbers == sorted(numbers, reverse=True)
        kept = CaseEvent.objects.using("owner").filter(service="politie", signal=None)
        assert set(numbers) == set(kept.values_list("number", flat=True)), "all of them, and nothing about a signal"
    assert rows(office.client(Role.AUDITOR, "kmar"), log) != rows(office.client(Role.AUDITOR), log)
    assert person.name not in "".join(rows(office.client(Role.AUDITOR, "kmar"), log))


def test_records_are_asked_by_who_did_them_or_whom_they_are_about_and_by_kind_and_are_paged(office: Office) -> None:
    boss, person = make_records(office)
    client, log = office.client(Role.AUDITOR), reverse("records")
    of_boss, about = rows(client, f"{log}?persoon={boss.pk}"), rows(client, f"{log}?persoon={person.pk}")
    assert len(of_boss) == 7
    assert len(about) == 7, "rights, lock, factor, sessions; not the key"
    assert not [row for row in about if "Sleutel" in row]
    assert len(rows(client, f"{log}?wat=key-made&persoon={boss.pk}")) == 1
    assert len(rows(client, f"{log}?wat=login-locked&persoon=system")) == 1
    assert rows(client, f"{log}?tot=2020-01-01") == []
    with working_for(as_system("politie")):
        for count in range(PAGE):
            facts = {"count": count, "before": datetime.now(UTC).isoformat()}
            append_record("politie", "drafts-destroyed", "system", datetime.now(UTC), facts)
    asked = f"{log}?wat=drafts-destroyed"
    assert len(rows(client, asked)) == PAGE
    older = log + link(client, asked, "next")
    assert "wat=drafts-destroyed" in older
    assert len(rows(client, older)) == 1


def test_every_kind_that_the_code_records_has_words(office: Office) -> None:
    """Read in the source: a record that nobody can read was recorded for nothing."""
    kinds = set[str]()
    for path in Path("src/seinpost").rglob("*.py"):
        for literal, constant in RECORDS.findall(path.read_text(encoding="utf-8")):
            kinds.add(literal or {"PROVED": "guarantee-proved"}[constant])
    assert kinds == set(kinds_told())


def test_who_left_can_still_be_asked_for(office: Office) -> None:
    with working_for(as_system("politie")):
        gone = make_person(Unit.objects.select_related("service").get(pk="politie-team"), Role.ANALYST)
    looked(gone, datetime(2026, 6, 1, tzinfo=UTC), 1)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    [row] = rows(office.client(Role.AUDITOR), f"{reverse('view-log')}?persoon={gone.pk}")
    assert gone.name in row
