"""What asks again who somebody is: the table, row by row; and nothing typed is lost while they show it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.access.people import PASSWORD, somebody
from tests.rights.matrix import attach, insider, make_signal
from tests.web.people import Office, browser, file_one, open_office, prove
from tests.web.test_stories import SENTENCE, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Attachment, CaseEvent, Grant, Person, ViewLog
from seinpost.web.forms.all import FORMS
from seinpost.web.proof import BULK_ABOVE, DANGEROUS, Asks, Danger

NEVER = {verb for verb in FORMS} - {Verb.SUPPRESS, Verb.LIFT_RESTRICTION}
"""Verbs that ask for no proof: everyday work on a signal, and what makes it safer."""


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def events() -> int:
    with working_for(as_system("politie"), reach="all"):
        return CaseEvent.objects.count()


def who(row: Asks, office: Office) -> Person:
    """Somebody whom the policy lets do what a row is about."""
    if row.danger is Danger.SOURCE:
        return insider()
    role = {
        Danger.EMERGENCY: Role.DETECTIVE,
        Danger.RIGHTS: Role.COORDINATOR if row.verb else Role.ADMINISTRATOR,
        Danger.ACCESS: Role.ADMINISTRATOR,
        Danger.SILENCE: Role.COORDINATOR,
        Danger.BULK: Role.WEIGHER,  # the analyst has left by then
    }[row.danger]
    return office.world.people["politie", role]


def with_file(office: Office) -> UUID:
    """The signal from a protected source, with a file that shows the source; made once."""
    key = make_signal("protected")
    with working_for(as_system("politie"), reach="all"):
        there = Attachment.objects.filter(signal=key).exists()
    if not there:
        attach("protected", key, browser(office.world.people["politie", Role.ANALYST]))
    return key


def ask(client: Client, row: Asks, office: Office) -> HttpResponseBase:
    """Do what a row is about, as its own page would."""
    analyst = office.world.people["politie", Role.ANALYST]
    with working_for(as_system("politie")):
        grant = Grant.objects.filter(person=analyst).values_list("pk", flat=True)[0]
    data: dict[str, Any] = {"words": SENTENCE}
    if row.address == "signal-act" and row.verb:
        address = reverse(row.address, args=[office.signal, row.verb.value])
    elif row.address == "queue-together":
        signals = [f"{office.signal}.1", *(f"{file_one('politie')}.1" for _ in range(BULK_ABOVE + 1))]
        address, data = reverse(row.address), {**data, "verb": "note", "step": "do", "signal": signals}
    elif row.address == "queue-deal":
        address = reverse(row.address)
        chosen = {"signal": [str(file_one("politie")) for _ in range(BULK_ABOVE + 1)], "way": "in-turn"}
        whom = {"people": [str(office.world.people["politie", Role.DETECTIVE].pk)], "step": "preview"}
        shown = client.post(address, {**chosen, **whom}).content.decode()
        data = {**data, "step": "do", "gift": re.findall(r'name="gift" value="([^"]+)"', shown)}
        assert len(data["gift"]) == BULK_ABOVE + 1
    elif row.danger is Danger.SOURCE:
        key = with_file(office)
        return client.get(reverse(row.address, args=[key] if row.address == "signal-source" else [key, 1]))
    elif row.address in ("right-answer", "right-withdraw"):
        address = reverse(row.address, args=[1])
    elif row.address.startswith("key-"):
        address = reverse(row.address, args=[] if row.address == "key-new" else [uuid4()])
    elif row.address.startswith("person"):
        args = {"person-new": [], "person-right-end": [analyst.pk, grant]}.get(row.address, [analyst.pk])
        address, data = reverse(row.address, args=args), {"until": date.today() + timedelta(days=9), "login": "nieuw"}
    else:
        address = reverse(row.address, args=[office.signal])
    return client.post(address, data)


def test_every_row_asks_first_and_does_nothing_until_then(office: Office) -> None:
    done(office.client(Role.COORDINATOR), office.signal, Verb.RESTRICT, words=SENTENCE, **named(office))
    with_file(office)  # while the analyst is there
    asked, let_through = [], []
    for row in DANGEROUS:
        client = browser(who(row, office), proved=False)
        before = events() if row.danger not in (Danger.BULK, Danger.SOURCE) else None
        answer = ask(client, row, office)
        if answer.headers.get("Location", "").startswith(reverse("account_reauthenticate")):
            asked.append(row)
        assert before in (None, events()), row
        prove(client, who(row, office) if row.danger is not Danger.SOURCE else Person.objects.get(pk=pk_of(client)))
        again = ask(client, row, office)
        if not again.headers.get("Location", "").startswith(reverse("account_reauthenticate")):
            let_through.append(row)
    assert asked == let_through == list(DANGEROUS)


def named(office: Office) -> dict[str, object]:
    """A restriction to the coordinator and the weigher."""
    people = [str(office.world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    return {"people": people, "supervisor": people[0]}


def pk_of(client: Client) -> str:
    return str(client.session["_auth_user_id"])


def test_the_table_knows_every_verb_and_every_danger() -> None:
    in_table = {row.verb for row in DANGEROUS if row.address == "signal-act"}
    assert {row.danger for row in DANGEROUS} == set(Danger)
    assert in_table | NEVER == set(FORMS), "a new verb: does it ask for proof or not?"
    assert not in_table & NEVER
    patterns = get_resolver().url_patterns + [inner for one in get_resolver().url_patterns for inner in inside(one)]
    guarded = {
        str(getattr(one, "name", ""))
        for one in patterns
        if getattr(getattr(one, "callback", None), "asks_proof", False)
    }
    assert guarded == {row.address for row in DANGEROUS if row.address in guarded} != set(), "a page without its row"


def inside(one: URLPattern | URLResolver) -> list[URLPattern | URLResolver]:
    return list(one.url_patterns) if isinstance(one, URLResolver) else []


def test_a_few_at_once_ask_nothing(office: Office) -> None:
    client = office.client(Role.ANALYST, proved=False)
    few = {"verb": "note", "step": "do", "words": SENTENCE, "signal": [f"{office.signal}.1"]}
    assert client.post(reverse("queue-together"), few).status_code == 200


def test_who_may_not_is_told_so_and_not_asked(office: Office) -> None:
    for row in DANGEROUS:
        may_not = Role.ANALYST if row.address == "right-answer" else Role.AUDITOR  # who oversees reads what is asked
        client = office.client(may_not, proved=False)
        if row.danger is not Danger.BULK:
            assert ask(client, row, office).status_code in (403, 404, 302), row
            location = ask(client, row, office).headers.get("Location", "")
            assert row.address == "silence-end" or not location, row


def test_what_was_typed_waits_and_is_sent_once_by_its_writer_only(office: Office) -> None:
    person = somebody(office, Role.DETECTIVE)
    client = browser(person, proved=False)
    address = reverse("glass-break", args=[office.signal])
    asked = client.post(address, {"words": "De melder staat nu voor de deur en is bang."})
    assert asked.headers["Location"].endswith("next=%2Fmijn%2Fformulier%2F")
    shown = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("held")}, follow=True)
    page = shown.content.decode()
    assert "De melder staat nu voor de deur en is bang." in page
    assert f'action="{address}"' in page
    assert view(office.signal).standing is not None
    sent = client.post(address, {"words": "De melder staat nu voor de deur en is bang."})
    assert sent.headers["Location"] == reverse("signal", args=[office.signal])
    assert client.get(reverse("held")).headers["Location"] == reverse("today"), "sent once, it waits no more"


def test_a_protected_source_opens_for_who_may_after_proof_and_the_look_is_kept(office: Office) -> None:
    key, person = make_signal("protected"), insider()
    client = browser(person, proved=False)
    address = reverse("signal", args=[key])
    page = client.get(address).content.decode()
    assert "zwprotectedbron" not in page
    assert reverse("signal-source", args=[key]) in page
    assert client.get(reverse("signal-source", args=[key])).headers["Location"].startswith("/account/reauthenticate/")
    files, fetch = (reverse(f"signal-attachment{end}", args=args) for end, args in (("s", [key]), ("", [key, 1])))
    with_file(office)
    assert "zwprotectedbijlage" not in client.get(files).content.decode()
    assert client.get(fetch).headers["Location"].startswith("/account/reauthenticate/")
    prove(client, person)
    assert client.get(fetch).status_code == 200
    assert "zwprotectedbijlage" in client.get(files).content.decode()
    assert client.get(reverse("signal-source", args=[key])).headers["Location"] == address
    assert "zwprotectedbron" in client.get(address).content.decode()
    with working_for(as_system("politie"), reach="all"):
        assert ViewLog.objects.filter(verb=Verb.READ_SOURCE.value, person=str(person.pk), signal=key).exists()
    prove(client, person, ago=301)
    assert "zwprotectedbron" not in client.get(address).content.decode(), "proof does not last"
