"""Two signals beside each other, and two versions of one: what is shared or changed is marked, and nothing leaks."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office
from tests.web.signals.test_folded import FOLD, HARD, TEXT, WORDS, body, hard, open_part
from tests.web.test_stories import SENTENCE, done

from seinpost.packs.procedure.terms import ListName, Role, Verb
from seinpost.store.models import ViewLog

ONE = "De vrouw uit Breda belde met 06-12345678. Haar baas rijdt in 12-ABC-3."
TWO = "Bij controle bleek het nummer 0612345678 van een man die in een busje met kenteken 12-ABC-3 sliep."
MARK = re.compile(r'<mark class="sp-hit sp-hit--same" title="([^"]+)">([^<]+)<span class="sp-hit__sign"[^>]*>(\d)<')


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def beside(one: UUID, two: UUID) -> str:
    return reverse("signal-beside", args=[one, two])


def restricted(office: Office, key: UUID) -> None:
    people = [str(office.world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    words = {"people": people, "supervisor": people[0], "words": SENTENCE}
    done(office.client(Role.COORDINATOR), key, Verb.RESTRICT, **words)


def looks(person: str) -> list[tuple[UUID | None, str, str]]:
    rows = ViewLog.objects.using("owner").filter(person=person).order_by("id")
    return list(rows.values_list("signal", "verb", "refused"))


def test_what_both_name_is_marked_in_both_with_one_number_and_both_looks_are_logged(office: Office) -> None:
    analyst, one, two = office.client(Role.ANALYST), file_one("politie", text=ONE), file_one("politie", text=TWO)
    assert f'href="{beside(one, two)}"' in body(analyst, reverse("signal", args=[one]))
    before = looks(str(office.world.people["politie", Role.ANALYST].pk))
    page = body(analyst, beside(one, two))
    assert MARK.findall(page) == [
        ("telefoon +31612345678", "06-12345678", "1"),
        ("kenteken NL-12ABC3", "12-ABC-3", "2"),
        ("telefoon +31612345678", "0612345678", "1"),
        ("kenteken NL-12ABC3", "12-ABC-3", "2"),
    ]
    after = looks(str(office.world.people["politie", Role.ANALYST].pk))
    assert after[len(before) :] == [(one, "read", ""), (two, "read", "")]


def test_the_facts_of_both_stand_beside_each_other_and_what_differs_is_said(office: Office) -> None:
    analyst, one = office.client(Role.ANALYST), file_one("politie", text=ONE)
    two = file_one("politie", text=TWO, source="avim", details={"kept": {"wijk": "Zuid"}})
    done(analyst, one, Verb.CONFIRM, forms=["ARB"], words="")
    page = body(analyst, beside(one, two))
    rows = {
        name: (left, right, "verschilt" in verdict)
        for name, left, right, verdict in re.findall(
            r'<tr><th scope="row">([^<]+)</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td><td[^>]*>(.*?)</td></tr>', page
        )
    }
    assert rows["Bron"] == ("bvh", "avim", True)
    assert rows["Fase"] == ("In verrijking", "Geregistreerd", True)
    assert rows["Kanaal"][2] is False
    assert rows["wijk"] == ("–", "Zuid", True)
    assert rows["Vormen"][2] is True


def test_equal_texts_are_said_to_be_and_so_is_what_stands_in_an_earlier_version_only(office: Office) -> None:
    analyst, one, two = office.client(Role.ANALYST), file_one("politie", text=ONE), file_one("politie", text=ONE)
    assert "woord voor woord gelijk, zoals ze binnenkwamen" in body(analyst, beside(one, two))
    done(analyst, one, Verb.CONFIRM, forms=["ARB"], words="")
    done(analyst, one, Verb.CORRECT, text="Zij belde niet.", words=SENTENCE)
    page = body(analyst, beside(one, two))
    assert "Sindsdien is er een gecorrigeerd" in page
    assert len(re.findall("niet meer in de laatste tekst van P-", page)) == 2
    assert len(MARK.findall(page)) == 2
    other = file_one("politie", text="Niets van dat alles.")
    assert "Niets dat Seinpost herkent" in body(analyst, beside(two, other))


def test_a_signal_that_one_may_not_open_gives_no_more_than_its_line_and_the_try_is_logged(office: Office) -> None:
    analyst, one, two = office.client(Role.ANALYST), file_one("politie", text=ONE), file_one("politie", text=TWO)
    restricted(office, two)
    listed = body(analyst, reverse("signal", args=[one]))
    assert "Treffer zonder inhoud" in listed
    assert str(two) not in listed
    for address in (beside(one, two), beside(two, one)):
        answer = analyst.get(address)
        assert answer.status_code == 403
        assert "busje" not in answer.content.decode()
        assert "Breda" not in answer.content.decode()
    refused = [look for look in looks(str(office.world.people["politie", Role.ANALYST].pk)) if look[2]]
    assert [look[0] for look in refused] == [two, two]
    outsider = office.client(Role.ANALYST, "nla")
    assert outsider.get(beside(one, two)).status_code == 404
    assert analyst.get(beside(one, one)).status_code == 404


def test_a_protected_source_stays_hidden_beside_another(office: Office) -> None:
    compartment = next(iter(plan().lists[ListName.COMPARTMENTS]))
    one = file_one("politie", text=ONE)
    two = file_one("politie", text=TWO, source="geheim", author="Bron Geheim", compartment=compartment,
                   external_id="geheim-1")  # fmt: skip
    page = body(office.client(Role.ANALYST), beside(one, two))
    assert "busje" in page
    assert "geheim" not in page.lower()
    assert "beschermd: alleen voor wie" in page


def test_what_is_distressing_is_folded_beside_and_between_versions(office: Office) -> None:
    analyst, one, two = office.client(Role.ANALYST), hard(), hard(f"{HARD} Daarna ging zij weg.")
    page = body(analyst, beside(one, two))
    assert len(FOLD.findall(page)) == 2
    assert WORDS not in open_part(page)
    done(analyst, one, Verb.CONFIRM, forms=["ARB"], words="")
    done(analyst, one, Verb.CORRECT, text=TEXT.replace("12", "14").replace("naar huis", "weg"), words=SENTENCE)
    page = body(analyst, reverse("signal-versions", args=[one]))
    assert len(FOLD.findall(page)) == 1
    assert WORDS not in open_part(page)
    assert '<del class="sp-out">' in FOLD.findall(page)[0]
    assert ">naar huis<" in open_part(page)
    analyst.post(reverse("preferences"), {"passages": "shown"})
    assert WORDS in open_part(body(analyst, reverse("signal-versions", args=[one])))


def test_two_versions_are_read_as_one_text_with_what_was_taken_out_and_put_in(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), file_one("politie", text=ONE)
    page = body(analyst, reverse("signal-versions", args=[key]))
    assert "er is niets veranderd" in page
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    done(analyst, key, Verb.CORRECT, text=ONE.replace("Breda", "Tilburg"), words=SENTENCE)
    done(analyst, key, Verb.CORRECT, text=ONE.replace("Breda", "Tilburg").replace("De vrouw", "Zij"), words=SENTENCE)
    address = reverse("signal-versions", args=[key])
    history = body(analyst, reverse("signal-history", args=[key]))
    assert f'href="{address}?naar=3"' in history
    assert f'href="{address}?naar=1"' not in history
    page = body(analyst, address)
    assert changed(page) == [("del", "De vrouw"), ("ins", "Zij")]
    assert "Op 1 plaats veranderd: 2 woorden weg, 1 woord erbij." in page
    assert changed(body(analyst, f"{address}?naar=2")) == [("del", "Breda"), ("ins", "Tilburg")]
    whole = [("del", "De vrouw uit Breda"), ("ins", "Zij uit Tilburg")]
    assert changed(body(analyst, f"{address}?van=1&naar=3")) == whole
    for odd in ("?van=3&naar=1", "?van=x&naar=99", "?naar=-1", "?van=%00"):
        assert changed(body(analyst, address + odd)) == [("del", "De vrouw"), ("ins", "Zij")], odd


def changed(page: str) -> list[tuple[str, str]]:
    """What a page says was taken out and put in: with words for who hears it."""
    found = re.findall(
        r'<(del|ins) class="sp-\w+"><span class="sp-only-read"[^>]*> \((weg|erbij): </span>([^<]*)<span', page
    )
    assert all((tag == "del") == (word == "weg") for tag, word, _ in found)
    return [(tag, text) for tag, _, text in found]


def test_with_more_that_both_name_it_takes_as_many_queries(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    few = beside(file_one("politie", text=ONE), file_one("politie", text=TWO))
    more = " ".join(f"Bel 06-1234{n}." for n in range(5000, 5020))
    many = beside(file_one("politie", text=f"{ONE} {more}"), file_one("politie", text=f"{more} {TWO}"))
    assert cost(analyst, few) == cost(analyst, many)


def test_with_more_versions_what_changed_takes_as_many_queries(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), file_one("politie", text=ONE)
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    counts = []
    for number in range(2):
        done(analyst, key, Verb.CORRECT, text=f"{ONE} Versie {number} zegt meer.", words=SENTENCE)
        counts.append(cost(analyst, reverse("signal-versions", args=[key])))
    assert counts[0] == counts[1]


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        body(client, address)
    return len(queries)


def test_joining_starts_from_the_two_that_are_beside_each_other(office: Office) -> None:
    analyst, one, two = office.client(Role.ANALYST), file_one("politie", text=ONE), file_one("politie", text=TWO)
    page = body(analyst, beside(one, two))
    join = re.search(r'href="(/signalen/[^"]+/doen/join/\?other=(P-\d+))"', page)
    assert join is not None
    assert f'value="{join[2]}"' in body(analyst, join[1])
