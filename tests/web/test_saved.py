"""Saved filters of the queue, and the one it opens with."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.people import Office, file_one, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.own import MOST_SEARCHES
from seinpost.store.models import SavedSearch

LAYER_B = {"laag": "B"}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def keep(client: Client, name: str, query: dict[str, str], *, default: bool = False) -> str:
    """Keep a filter; what the page then says."""
    data = {"name": name} | ({"default": "on"} if default else {})
    answer = client.post(reverse("queue-keep", query=query), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def kept(office: Office, role: Role = Role.ANALYST) -> list[tuple[str, dict[str, str], bool]]:
    """What somebody keeps, as it is stored."""
    with working_for(as_system("politie")):
        rows = SavedSearch.objects.filter(person=office.world.people["politie", role]).order_by("name")
        return list(rows.values_list("name", "query", "is_default"))


def shows(client: Client, office: Office, address: str = "") -> bool:
    """Whether the queue shows the signal of the office, which is in layer A."""
    page = client.get(reverse("queue") + address).content.decode()
    return reverse("signal", args=[office.signal]) in page


def test_a_filter_is_kept_under_a_name_and_opened_again(office: Office) -> None:
    client = office.client(Role.ANALYST)
    page = keep(client, " Laag B ", {"laag": "B", "bladzijde": "3", "onzin": "x", "baan": "daily"})
    assert kept(office) == [("Laag B", LAYER_B, False)]
    assert 'href="?laag=B" aria-current="true"' in page
    assert shows(client, office), "what is kept is no default until somebody says so"


def test_the_queue_opens_with_the_default_unless_the_address_says_otherwise(office: Office) -> None:
    client = office.client(Role.ANALYST)
    keep(client, "Laag B", LAYER_B, default=True)
    assert not shows(client, office)
    assert shows(client, office, "?alles=ja")
    assert shows(client, office, "?laag=A")
    assert shows(client, office, "?alles=ja&bladzijde=1")
    assert shows(office.client(Role.WEIGHER), office), "a default is one person's own"


def test_the_next_one_is_taken_from_the_default_too(office: Office) -> None:
    client = office.client(Role.ANALYST)
    keep(client, "Laag B", LAYER_B, default=True)
    assert client.post(reverse("take-next")).headers["Location"] == reverse("queue")
    taken = client.post(reverse("take-next") + "?alles=ja")
    assert taken.headers["Location"].startswith(reverse("signal", args=[office.signal]))


def test_there_is_one_default_and_it_can_be_given_up(office: Office) -> None:
    client = office.client(Role.ANALYST)
    keep(client, "B", LAYER_B, default=True)
    keep(client, "C", {"laag": "C"}, default=True)
    assert [(name, default) for name, _query, default in kept(office)] == [("B", False), ("C", True)]
    with working_for(as_system("politie")):
        keys = dict(SavedSearch.objects.values_list("name", "pk"))
    client.post(reverse("queue-saved", args=[keys["B"]]), {"do": "default"})
    assert [default for *_rest, default in kept(office)] == [True, False]
    client.post(reverse("queue-saved", args=[keys["B"]]), {"do": "no-default"})
    assert [default for *_rest, default in kept(office)] == [False, False]
    client.post(reverse("queue-saved", args=[keys["B"]]), {"do": "delete"})
    assert [name for name, *_rest in kept(office)] == ["C"]


def test_the_same_name_takes_the_place_of_the_old_filter(office: Office) -> None:
    client = office.client(Role.ANALYST)
    keep(client, "Mijn", LAYER_B, default=True)
    keep(client, "Mijn", {"laag": "C"})
    assert kept(office) == [("Mijn", {"laag": "C"}, True)]


@pytest.mark.parametrize("name", ["", "   "])
def test_a_filter_without_a_name_is_refused(office: Office, name: str) -> None:
    assert "Geef het filter een naam" in keep(office.client(Role.ANALYST), name, LAYER_B)
    assert kept(office) == []


def test_there_is_a_most_of_what_one_keeps(office: Office) -> None:
    client = office.client(Role.ANALYST)
    for number in range(MOST_SEARCHES):
        keep(client, f"{number:02}", LAYER_B)
    assert "hoogstens" in keep(client, "nog een", LAYER_B)
    keep(client, "00", {"laag": "C"})  # in place of one that is there
    assert len(kept(office)) == MOST_SEARCHES
    assert kept(office)[0] == ("00", {"laag": "C"}, False)


def test_what_one_person_keeps_another_can_neither_see_nor_change(office: Office) -> None:
    keep(office.client(Role.ANALYST), "Alleen van mij", LAYER_B)
    with working_for(as_system("politie")):
        key = SavedSearch.objects.get().pk
    for service in ("politie", "nla"):
        other = office.client(Role.WEIGHER, service)
        assert "Alleen van mij" not in other.get(reverse("queue")).content.decode()
        for what in ("default", "delete"):
            other.post(reverse("queue-saved", args=[key]), {"do": what})
    assert kept(office) == [("Alleen van mij", LAYER_B, False)]
    assert office.client(Role.ANALYST).post(reverse("queue-saved", args=[key]), {"do": "onzin"}).status_code == 404


def test_a_name_from_a_hostile_hand_breaks_nothing(office: Office) -> None:
    client = office.client(Role.ANALYST)
    page = keep(client, '<script>"\x00' + "a" * 200, {"vorm": "\x00'"})
    assert "<script>&quot;" not in page
    assert "&lt;script&gt;" in page
    assert len(kept(office)[0][0]) == 80


def test_saved_filters_cost_no_more_queries_the_more_there_are(office: Office) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = office.client(Role.ANALYST), []
    for number in range(3):
        keep(client, str(number), LAYER_B, default=number == 0)
        file_one("politie")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("queue"))
        counts.append(len(queries))
    assert len(set(counts)) == 1
