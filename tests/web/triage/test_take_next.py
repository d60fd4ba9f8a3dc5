"""Taking the next: the first that waits for this reader, for two people who read beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.store.signals import received
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import done, enrich, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.actions.own import keep_search


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def scored(score: float) -> UUID:
    """A signal of layer A with this score."""
    reading = received().reading
    assert reading is not None
    return file_one("politie", reading=replace(reading, score=score))


def next_of(client: Client, **query: str) -> UUID | None:
    """What taking the next gives; None for nothing."""
    answer = client.post(reverse("take-next", query=query))
    assert answer.status_code == 302
    parts = answer.headers["Location"].split("/")
    return UUID(parts[2]) if parts[1] == "signalen" else None


def owned_by(key: UUID) -> str:
    """Whose a signal is."""
    return view(key).person or ""


def write(sql: str, values: list[Any]) -> None:
    """Change columns as no page can: the clock does not run in a test."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def test_two_people_read_the_queue_from_its_top_and_neither_gets_what_was_read(office: Office) -> None:
    first, second, last = scored(9.0), scored(7.0), scored(2.0)  # the office's own has 3.5
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    assert next_of(analyst) == first
    assert next_of(analyst) == first, "it stays the first until it is decided on"
    done(analyst, first, Verb.CONFIRM, forms=["ARB"], words="")
    enrich(analyst, first)
    assert next_of(weigher) == second, "an owned signal in enrichment is not the next of a colleague"
    assert next_of(analyst) == office.signal, "nor does it come back to who called it a signal"
    done(weigher, second, Verb.DISMISS, reason="explained", words="")
    assert next_of(weigher) == last
    done(analyst, first, Verb.RELEASE, words="")
    done(analyst, first, Verb.SUBMIT, words="")
    for client, key in ((analyst, office.signal), (weigher, last)):
        done(client, key, Verb.CONFIRM, forms=["ARB"], words="")
        assert next_of(client) is None, "what waits to be weighed is no first reading"
    assert owned_by(first) == ""
    assert next_of(weigher, fase="weighing") == first, "unless the filter asks for it"
    assert next_of(analyst, fase="enrichment") == office.signal


def test_a_doubt_is_read_by_a_colleague_and_not_by_who_doubted(office: Office) -> None:
    doubtful = scored(9.0)
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    assert next_of(analyst) == doubtful
    done(analyst, doubtful, Verb.UNSURE, words="")
    assert next_of(analyst) == office.signal
    done(analyst, office.signal, Verb.DISMISS, reason="explained", words="")
    assert next_of(analyst) is None
    done(analyst, doubtful, Verb.UNDO, words="")
    assert next_of(analyst) == doubtful, "a doubt that was taken back is none"
    done(analyst, doubtful, Verb.UNSURE, words="")
    assert next_of(weigher) == doubtful
    done(weigher, doubtful, Verb.UNSURE, words="")
    assert next_of(weigher) is None
    assert next_of(office.client(Role.COORDINATOR)) == doubtful


def test_what_is_mine_comes_back_when_it_is_due(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    assert next_of(analyst) is None
    late = timezone.now() - timedelta(minutes=1)
    write("UPDATE store_signal SET due = %s WHERE id = %s", [late, office.signal])
    assert next_of(weigher) is None
    assert next_of(analyst) == office.signal


def test_it_looks_past_what_others_hold_and_what_was_doubted_about_however_much_that_is(office: Office) -> None:
    """More than a page of the queue stands before the one that is free; half is a colleague's, half was doubted."""
    colleague = office.world.people["politie", Role.WEIGHER].pk
    analyst = office.client(Role.ANALYST)
    keys = [scored(9.0) for _ in range(54)]
    for key in keys[::18]:
        done(analyst, key, Verb.UNSURE, words="")
    doubted = keys[::18]
    owned = [key for key in keys if key not in doubted]
    write("UPDATE store_signal SET owner_id = %s, next_person_id = %s WHERE id = ANY(%s)", [colleague] * 2 + [owned])
    assert next_of(analyst) == office.signal
    write(
        "INSERT INTO store_caseevent (service, number, signal, kind, at, by, body, previous, hash)"
        " SELECT service, 0, s.id, kind, at, by, replace(body, e.signal::text, s.id::text), '', ''"
        " FROM store_caseevent AS e, store_signal AS s"
        " WHERE e.signal = %s AND kind = 'doubted' AND s.id = ANY(%s)",
        [doubted[0], owned],
    )
    write("UPDATE store_signal SET owner_id = NULL, next_person_id = NULL WHERE id = ANY(%s)", [owned])
    assert next_of(analyst) == office.signal


def test_it_goes_by_the_default_filter_and_keeps_the_filter_when_there_is_nothing(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    acting = office.world.acting(Role.ANALYST)
    assert keep_search(acting=acting, name="B", query={"laag": "B"}, default=True)
    assert next_of(analyst) is None
    empty = analyst.post(reverse("take-next", query={"laag": "C"}))
    assert empty.headers["Location"] == reverse("queue", query={"laag": "C"})
    assert next_of(analyst, laag="A") == office.signal
