"""A right waits for a second person: until then it gives nothing anywhere, and nobody agrees to their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from tests.rights.matrix import can_prove_who_they_are
from tests.store.world import make_person, plan
from tests.web.people import Office, browser, open_office

from seinpost.packs.procedure.terms import Processing, Purpose, Role, Task
from seinpost.process.shapes import Refused
from seinpost.store.acting import actor_of, as_person, as_system, working_for
from seinpost.store.actions.people import Right
from seinpost.store.actions.staff import Answer, answer_right, grant_role, leave
from seinpost.store.models import CaseEvent, Grant, Mail, Person, Proposal, Unit
from seinpost.store.queries.people import seen_digest

WHY = "Vervangt een collega die met verlof is."


@dataclass(frozen=True, slots=True)
class Bureau:
    """The administrator who asks, the person it is for, and a browser of whoever answers."""

    office: Office
    boss: Person
    trainee: Person

    def client(self, person: Person) -> Client:
        return browser(person)

    def of(self, role: Role) -> Person:
        return self.office.world.people["politie", role]


@pytest.fixture
def bureau(db: str) -> Bureau:
    office = open_office()
    return Bureau(
        office, office.world.people["politie", Role.ADMINISTRATOR], office.world.people["politie", Role.TRAINEE]
    )


def another(role: Role) -> Person:
    with working_for(as_system("politie")):
        return make_person(Unit.objects.select_related("service").get(code="politie-team"), role)


def asked(**change: object) -> dict[str, object]:
    return {
        "role": "analyst", "task": "police-task", "processing": "wpg-8", "purposes": ["follow-up"], "units": [],
        "starts": date.today(), "ends": date.today() + timedelta(days=30), "words": WHY, **change,
    }  # fmt: skip


def propose(bureau: Bureau, **change: object) -> Proposal:
    address = reverse("person-right", args=[bureau.trainee.pk])
    assert bureau.client(bureau.boss).post(address, asked(**change)).status_code == 302
    with working_for(as_system("politie")):
        return Proposal.objects.latest("pk")


def page(client: Client, proposal: Proposal) -> str:
    return client.get(reverse("right-answer", args=[proposal.pk])).content.decode()


def answer(client: Client, proposal: Proposal, **data: Any) -> HttpResponseBase:
    shown = page(client, proposal).partition('name="shown" value="')[2].partition('"')[0]
    return client.post(reverse("right-answer", args=[proposal.pk]), {"words": "", "shown": shown, **data})


def rights(person: Person) -> set[Role]:
    """The roles somebody acts with now, as every page reads them."""
    with working_for(as_person(person)):
        return {grant.role for grant in actor_of(as_person(person), datetime.now(UTC)).grants}


def records(kind: str) -> list[dict[str, Any]]:
    with working_for(as_system("politie"), reach="all"):
        return [json.loads(row.body) for row in CaseEvent.objects.filter(kind=kind).order_by("id")]


def test_a_proposed_right_gives_nothing_until_a_second_person_agrees(bureau: Bureau) -> None:
    waits = propose(bureau)
    client, queue = bureau.client(bureau.trainee), reverse("signal", args=[bureau.office.signal])
    assert rights(bureau.trainee) == {Role.TRAINEE}
    assert client.get(queue).status_code == 403
    assert records("right-given") == []
    officer = bureau.client(bureau.of(Role.PRIVACY_OFFICER))
    assert answer(officer, waits, answer="agree").status_code == 302
    assert rights(bureau.trainee) == {Role.TRAINEE, Role.ANALYST}
    assert client.get(queue).status_code == 200
    [proposed], [given] = records("right-proposed"), records("right-given")
    assert proposed["by"] == str(bureau.boss.pk)
    assert (given["by"], given["fact"]["asked_by"]) == (str(bureau.of(Role.PRIVACY_OFFICER).pk), str(bureau.boss.pk))
    assert given["fact"]["second"] == given["by"]
    same = ("person", "role", "task", "processing", "purposes", "units", "compartments", "starts", "ends")
    assert [given["fact"][name] for name in same] == [proposed["fact"][name] for name in same]


def test_who_answers_sees_all_that_is_asked_and_agrees_to_nothing_else(bureau: Bureau) -> None:
    waits = propose(
        bureau, role="detective", compartments=["anonymous-line"], units=["politie-team"], forms=["ARB"]
    )  # fmt: skip
    officer = bureau.client(bureau.of(Role.PRIVACY_OFFICER))
    told = page(officer, waits)
    for said in (
        "Rechercheur",
        "Opvolging",
        "<dd>t</dd>",
        "Meld Misdaad Anoniem",
        "arbeidsuitbuiting",
        WHY,
        bureau.boss.name,
    ):
        assert said in told, said
    for shown in (
        "",
        "onzin",
        page(bureau.client(another(Role.ADMINISTRATOR)), waits).partition('name="shown" value="')[2],
    ):
        sent = {"answer": "agree", "words": "", "shown": shown.partition('"')[0]}
        assert officer.post(reverse("right-answer", args=[waits.pk]), sent).status_code == 422
    assert rights(bureau.trainee) == {Role.TRAINEE}


def test_a_right_is_narrowed_to_forms_at_once_and_a_coordinators_never(bureau: Bureau) -> None:
    analyst, boss = bureau.of(Role.ANALYST), bureau.client(bureau.boss)
    address = reverse("person-right", args=[analyst.pk])
    assert boss.post(address, asked(forms=["ARB"])).status_code == 302
    with working_for(as_system("politie")):
        given = Grant.objects.filter(person=analyst).latest("pk")
        assert (given.forms, given.within_id is not None, Proposal.objects.count()) == (["ARB"], True, 0)
    assert "vorm: arbeidsuitbuiting" in boss.get(reverse("person", args=[analyst.pk])).content.decode()
    assert records("right-given")[-1]["fact"]["forms"] == ["ARB"]
    for role, forms in (("coordinator", ["ARB"]), ("administrator", ["ARB"]), ("analyst", ["ONZIN"])):
        purposes = ["management"] if role == "administrator" else ["follow-up"]
        refused = boss.post(address, asked(role=role, purposes=purposes, forms=forms))
        assert refused.status_code in (200, 422), role
    with working_for(as_system("politie")):
        assert Proposal.objects.count() == 0


def test_what_changed_since_the_page_was_made_is_shown_first(bureau: Bureau) -> None:
    waits, client = propose(bureau), bureau.client(bureau.of(Role.PRIVACY_OFFICER))
    shown = page(client, waits).partition('name="shown" value="')[2].partition('"')[0]
    with working_for(as_system("politie")):
        Grant.objects.filter(person=bureau.trainee).update(ends=datetime.now(UTC))
    sent = {"answer": "agree", "words": "", "shown": shown}
    again = client.post(reverse("right-answer", args=[waits.pk]), sent)
    assert again.status_code == 422
    assert "lees het opnieuw" in again.content.decode()
    assert answer(client, waits, answer="agree").status_code == 302


def test_not_agreeing_needs_a_reason_that_stays_visible_and_gives_nothing(bureau: Bureau) -> None:
    waits, client = propose(bureau), bureau.client(bureau.of(Role.PRIVACY_OFFICER))
    assert answer(client, waits, answer="disagree").status_code == 422
    reason = "Niet zonder de training van dit najaar."
    assert answer(client, waits, answer="disagree", words=reason).status_code == 302
    assert rights(bureau.trainee) == {Role.TRAINEE}
    boss = bureau.client(bureau.boss)
    for address in (
        reverse("person", args=[bureau.trainee.pk]), reverse("rights"), reverse("right-answer", args=[waits.pk]),
    ):  # fmt: skip
        assert reason in boss.get(address).content.decode(), address
    assert reason in bureau.client(bureau.of(Role.AUDITOR)).get(reverse("records")).content.decode()
    [kept] = records("right-disagreed")
    assert reason not in json.dumps(kept), "the words stand beside the chain"
    assert answer(client, waits, answer="agree").status_code == 422, "an answer is final"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_neither_who_asked_nor_who_is_not_asked_agrees(bureau: Bureau, role: Role) -> None:
    waits = propose(bureau)
    client = bureau.client(bureau.of(role))
    with working_for(as_system("politie")):
        seen = seen_digest(waits, datetime.now(UTC))
    assert 'name="shown"' not in page(client, waits)
    assert answer(client, waits, answer="agree").status_code == 422
    done = answer_right(
        acting=as_person(bureau.of(role)), proposal=waits.pk, answer=Answer(agrees=True, seen=seen),
        now=datetime.now(UTC), plan=plan(),
    )  # fmt: skip
    assert isinstance(done, Refused)
    assert rights(bureau.trainee) == {Role.TRAINEE}


def test_a_second_administrator_goes_before_the_privacy_officer_and_is_told(bureau: Bureau) -> None:
    second = another(Role.ADMINISTRATOR)
    waits = propose(bureau)
    officer = bureau.client(bureau.of(Role.PRIVACY_OFFICER))
    assert answer(officer, waits, answer="agree").status_code == 422
    told = bureau.client(second).get(reverse("people")).content.decode()
    assert 'Rechten <span class="sp-nav__count">1</span>' in told
    assert "sp-nav__count" not in bureau.client(bureau.boss).get(reverse("people")).content.decode()
    assert answer(bureau.client(second), waits, answer="agree").status_code == 302
    assert Role.ANALYST in rights(bureau.trainee)


def test_an_administrator_does_not_agree_to_a_right_of_their_own_that_another_asked(bureau: Bureau) -> None:
    second = another(Role.ADMINISTRATOR)
    address = reverse("person-right", args=[second.pk])
    assert bureau.client(bureau.boss).post(address, asked()).status_code == 302
    with working_for(as_system("politie")):
        waits = Proposal.objects.get(person=second)
    assert answer(bureau.client(second), waits, answer="agree").status_code == 422
    assert answer(bureau.client(bureau.of(Role.PRIVACY_OFFICER)), waits, answer="agree").status_code == 302


def test_a_narrower_right_holds_at_once_and_says_within_which(bureau: Bureau) -> None:
    analyst, now = bureau.of(Role.ANALYST), datetime.now(UTC)
    right = Right(
        role=Role.ANALYST, task=Task.POLICE, processing=Processing.WPG_8, purposes=frozenset((Purpose.FOLLOW_UP,)),
        starts=now, ends=now + timedelta(days=9), units=("politie-team",),
    )  # fmt: skip
    given = grant_role(acting=as_person(bureau.boss), person=analyst, right=right, now=now, plan=plan())
    assert isinstance(given, Grant)
    assert given.within is not None
    assert records("right-given")[-1]["fact"]["second"] == "within"


def test_a_proposal_of_who_manages_no_more_holds_no_more(bureau: Bureau) -> None:
    waits = propose(bureau)
    with working_for(as_system("politie")):
        Grant.objects.filter(person=bureau.boss).update(ends=datetime.now(UTC))
    assert answer(bureau.client(bureau.of(Role.PRIVACY_OFFICER)), waits, answer="agree").status_code == 422
    assert rights(bureau.trainee) == {Role.TRAINEE}


def test_whoever_leaves_gets_nothing_that_still_waited(bureau: Bureau) -> None:
    waits, second = propose(bureau), another(Role.ADMINISTRATOR)
    leave(acting=as_person(second), person=bureau.trainee, now=datetime.now(UTC), plan=plan())
    with working_for(as_system("politie")):
        assert Proposal.objects.get(pk=waits.pk).answer == "withdrawn"
    assert answer(bureau.client(second), waits, answer="agree").status_code == 422
    assert len(records("right-withdrawn")) == 1


def test_a_proposal_is_taken_back_at_once(bureau: Bureau) -> None:
    waits = propose(bureau)
    can_prove_who_they_are(bureau.boss)
    client = bureau.client(bureau.boss)
    assert client.get(reverse("right-withdraw", args=[waits.pk])).status_code == 200
    assert client.post(reverse("right-withdraw", args=[waits.pk])).status_code == 302
    assert client.post(reverse("right-withdraw", args=[waits.pk])).status_code == 422
    assert answer(bureau.client(bureau.of(Role.PRIVACY_OFFICER)), waits, answer="agree").status_code == 422


def test_a_proposal_of_another_service_does_not_exist(bureau: Bureau) -> None:
    waits = propose(bureau)
    for role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER):
        outsider = bureau.office.client(role, "nla")
        assert outsider.get(reverse("right-answer", args=[waits.pk])).status_code == 404
        assert outsider.post(reverse("right-answer", args=[waits.pk]), {"answer": "agree"}).status_code == 404
        assert bureau.trainee.name not in outsider.get(reverse("rights")).content.decode()


def test_by_mail_only_who_can_agree_is_told_that_there_is_something(bureau: Bureau) -> None:
    now = datetime.now(UTC)
    right = Right(
        role=Role.WEIGHER, task=Task.POLICE, processing=Processing.WPG_8, purposes=frozenset((Purpose.FOLLOW_UP,)),
        starts=now, ends=now + timedelta(days=9),
    )  # fmt: skip
    acting = as_person(bureau.boss)
    grant_role(acting=acting, person=bureau.trainee, right=right, now=now, plan=plan(), by_mail=True)
    with working_for(as_system("politie")):
        assert [mail.person_id for mail in Mail.objects.filter(right_asked=True)] == [
            bureau.of(Role.PRIVACY_OFFICER).pk
        ]


def test_the_database_takes_no_right_that_a_person_gave_alone_and_no_second_answer(bureau: Bureau, raw: Any) -> None:
    waits, boss = propose(bureau), str(bureau.boss.pk)
    insert = (
        "INSERT INTO store_grant (service_id, person_id, role, task, processing, purposes, compartments, starts, ends,"
        " given_by, given_at, agreed_by) SELECT service_id, person_id, role, task, processing, purposes, compartments,"
        " starts, ends, %s, now(), %s FROM store_proposal"
    )
    for given, agreed in ((boss, ""), (boss, boss), (boss, str(bureau.trainee.pk)), (str(bureau.trainee.pk), boss)):
        with raw("politie") as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(insert, [given, agreed])
    for change in ("units = NULL, role = 'coordinator'", f"answer = 'agreed', answered_by = '{boss}'"):
        with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"UPDATE store_proposal SET {change}")
    with raw("nla") as connection:
        assert connection.execute("SELECT count(*) FROM store_proposal").fetchone() == (0,)
        assert connection.execute("UPDATE store_proposal SET answer = 'withdrawn'").rowcount == 0
    answer(
        bureau.client(bureau.of(Role.PRIVACY_OFFICER)), waits, answer="disagree", words="Nog niet, eerst de training."
    )
    with raw("politie") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE store_proposal SET answer = 'agreed', answered_by = 'x'")


def test_a_proposal_says_units_by_name_and_the_last_day_on_which_it_counts(bureau: Bureau) -> None:
    Unit.objects.using("owner").filter(code="politie-team").update(name_nl="AVIM Oost")
    waits = propose(bureau, units=["politie-team"], starts="2026-11-30", ends="2027-03-31")
    pages = [page(bureau.client(bureau.of(Role.PRIVACY_OFFICER)), waits)]
    pages.append(bureau.client(bureau.boss).get(reverse("right-answer", args=[waits.pk])).content.decode())
    for shown in pages:
        assert "AVIM Oost" in shown
        assert "politie-team" not in shown
        assert ">31 mrt 2027<" in shown
        assert "1 apr 2027" not in shown
    withdraw = bureau.client(bureau.boss).get(reverse("right-withdraw", args=[waits.pk])).content.decode()
    assert "Het gaat om: Analist" in withdraw


def test_who_must_answer_reads_it_on_their_day_and_who_must_not_does_not(bureau: Bureau) -> None:
    officer, told = bureau.client(bureau.of(Role.PRIVACY_OFFICER)), "1 voorgesteld recht wacht op uw oordeel"
    assert told not in officer.get(reverse("today")).content.decode()
    waits = propose(bureau)
    assert told in officer.get(reverse("today")).content.decode()
    assert "Er wacht niets van u" not in officer.get(reverse("today")).content.decode()
    assert told not in bureau.client(bureau.of(Role.COORDINATOR)).get(reverse("today")).content.decode()
    answer(officer, waits, answer="agree")
    assert told not in officer.get(reverse("today")).content.decode()


def test_what_is_refused_is_told_at_its_field_in_words(bureau: Bureau) -> None:
    boss = bureau.client(bureau.boss)
    address = reverse("person-right", args=[bureau.trainee.pk])
    refused = boss.post(address, asked(compartments=["anonymous-line"]))
    told = refused.content.decode()
    assert refused.status_code == 422
    assert "Dit kan hier niet: Meld Misdaad Anoniem." in told
    assert 'href="#veld-compartments"' in told
    officer, waits = bureau.client(bureau.of(Role.PRIVACY_OFFICER)), propose(bureau)
    no = answer(officer, waits, answer="disagree", words="Nee")
    assert no.status_code == 422
    shown = no.content.decode()  # type: ignore[attr-defined]
    assert 'href="#id_words">Toelichting</a>: Schrijf een zin van ten minste 10 letters.' in shown
