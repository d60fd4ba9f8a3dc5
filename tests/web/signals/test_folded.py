"""Distressing passages are folded until their reader opens them, and no title, reason or list tells what they say."""

from __future__ import annotations

import html
import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import done

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.report.distress import ASIDE
from seinpost.store.received import Reading, ReceivedContribution, ReceivedHit

HARD = "Het meisje van 15 had seks tegen betaling in kamer 12."
CALM = "Zij wil geen aangifte en is naar huis gebracht."
TEXT = f"{HARD} {CALM}"
FOLD = re.compile(r'<details class="sp-fold sp-passage">(.*?)</details>', re.DOTALL)
KIND = "Minderjarige in betaalde seks"
WORDS = "seks tegen betaling"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def hard(text: str = TEXT, words: str = WORDS, called: str = "") -> UUID:
    """A signal in which the scan found something distressing, and beside it something that is not."""
    start, other = text.index(words), text.find("geen aangifte")
    hits = [ReceivedHit("SEK-02", "SEK-02/1", start, start + len(words), "affirmed", words)]
    addends = [ReceivedContribution("SEK-02", "indicator", 4.0, "SEK-02", "Een kind.", "A child.", quote=words)]
    if other >= 0:
        hits.append(ReceivedHit("GED-05", "GED-05/1", other, other + 13, "affirmed", "geen aangifte"))
        addends.append(
            ReceivedContribution("GED-05", "indicator", 1.0, "GED-05", "Bang.", "Afraid.", quote="geen aangifte")
        )
    reading = Reading("A", 5.0, "Gevonden.", "Found.", "nl 1.0", tuple(hits), tuple(addends))
    return file_one("politie", text=text, reading=reading, details={"title": called} if called else {})


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def open_part(page: str) -> str:
    """What a page shows before anybody opens a fold."""
    return FOLD.sub("", page)


def pages_of(key: UUID) -> tuple[str, ...]:
    confirm = reverse("signal-act", args=[key, Verb.CONFIRM.value])
    return reverse("signal", args=[key]), confirm, reverse("signal-history", args=[key])


def lists(text: str) -> tuple[str, ...]:
    cards = reverse("queue", query={"weergave": "kaarten"})
    return reverse("queue"), cards, reverse("search", query={"q": text}), reverse("today")


def test_the_sentence_is_folded_wherever_the_text_stands_and_its_summary_says_what_kind_it_is(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), hard()
    for address in pages_of(key):
        page = body(analyst, address)
        folded = FOLD.findall(page)
        assert len(folded) == 1, address
        summary, inside = folded[0].split("</summary>")
        assert f"Aangrijpende passage: {KIND}" in summary
        told = re.sub(
            r"<span class=\"sp-only-read\">.*?</span>|<span class=\"sp-hit__sign\".*?</span>|<.*?>", "", inside
        )
        assert told == HARD, address
        assert WORDS not in open_part(page), address
        assert CALM.split(" en ")[1] in open_part(page), address
    for name in ("signal-enrich", "signal-weigh", "signal-tasks", "signal-attachments"):
        assert WORDS not in body(analyst, reverse(name, args=[key])), name
    reasons = open_part(body(analyst, reverse("signal", args=[key])))
    assert "(de woorden staan in een ingevouwen passage)" in reasons
    assert "“geen aangifte”" in reasons, "only what is folded is left out"


def test_no_list_shows_a_folded_passage_in_a_title(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), hard()
    whole = hard(HARD)
    called = hard(called="Rustig adres")
    telling = hard(called=f"Melding {WORDS}")
    for one in (key, whole, called, telling):
        analyst.post(reverse("signal-decide", args=[one]), {"choice": "take"})
    for address in lists("meisje"):
        page = body(analyst, address)
        assert WORDS not in page.replace(address, ""), address
        assert page.count("… Zij wil geen aangifte en is naar huis gebracht") >= 2, address
        assert "Ingevouwen: aangrijpende passage" in page, address
        assert "Rustig adres" in page, address
    preview = analyst.post(
        reverse("queue-together"), {"signal": [str(key)], "verb": Verb.NOTE.value, "step": "see", "words": "Gelezen."}
    ).content.decode()
    assert "… Zij wil geen aangifte" in preview
    assert WORDS not in preview


def test_what_was_found_far_on_in_a_long_sentence_keeps_its_beginning_out_of_the_title(office: Office) -> None:
    start = "Het meisje vertelde lang en veel " + "en toen weer verder " * 150
    hard(f"{start} over {WORDS} in kamer 12.")
    page = body(office.client(Role.ANALYST), reverse("queue"))
    assert "Het meisje vertelde" not in page
    assert "Ingevouwen: aangrijpende passage" in page


def test_a_reader_who_chose_to_see_them_sees_them_and_can_choose_again(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), hard()
    assert "Aangrijpende passages tonen" in body(analyst, reverse("queue"))
    analyst.post(reverse("preferences"), {"passages": "shown"})
    for address in pages_of(key):
        page = body(analyst, address)
        assert not FOLD.search(page), address
        assert WORDS in page, address
    assert HARD[:40] in body(analyst, reverse("queue"))
    assert "Aangrijpende passages invouwen" in body(analyst, reverse("queue"))
    analyst.post(reverse("preferences"), {"passages": "anything"})
    assert analyst.cookies["passages"].value == "shown"
    analyst.post(reverse("preferences"), {"passages": "folded"})
    assert WORDS not in body(analyst, reverse("queue"))


def test_the_same_words_are_folded_in_a_correction_and_in_every_version(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), hard()
    done(analyst, key, Verb.CORRECT, text=f"Hersteld. Zij had SEKS TEGEN\nBETALING. {CALM}", words="Tijd hersteld.")
    for address, count in zip(pages_of(key), (1, 1, 2), strict=True):
        page = body(analyst, address)
        assert len(FOLD.findall(page)) == count, address
        assert "BETALING" not in open_part(page).upper(), address
    analyst.post(reverse("preferences"), {"language": "en"})
    assert "Distressing passage: Minor in commercial sex" in body(analyst, reverse("signal", args=[key]))


NEW = "Hij sloeg haar als zij te weinig verdiende."
"""A distressing sentence of which no word stands in the first text."""


def test_what_only_a_correction_tells_is_folded_wherever_its_words_stand(office: Office) -> None:
    analyst, key, plain = office.client(Role.ANALYST), hard(), file_one("politie", text="Rustig adres, niets gezien.")
    for one, first in ((key, TEXT), (plain, "Niets.")):
        done(
            analyst,
            one,
            Verb.CORRECT,
            text=f"{first} Later bij de loods. {NEW} Zij is veilig.",
            words="Aangevuld met wat zij later zei.",
        )
        for address in (*pages_of(one), reverse("signal-versions", args=[one])):
            page = body(analyst, address)
            assert "sloeg haar" in page, address
            assert "sloeg haar" not in open_part(page), address
            assert "Zij is veilig" in open_part(page), address
    both = body(analyst, reverse("signal-beside", args=[key, plain]))
    assert "sloeg haar" in both
    assert "sloeg haar" not in open_part(both)
    for address in (*lists("loods"), *lists("verdienen")):
        assert "sloeg haar" not in body(analyst, address), address
    found = body(analyst, reverse("search", query={"q": "loods"}))
    assert all(reverse("signal", args=[one]) in found for one in (key, plain))
    analyst.post(reverse("preferences"), {"passages": "shown"})
    assert "sloeg haar" in body(analyst, reverse("search", query={"q": "verdienen"}))
    assert "sloeg haar" in open_part(body(analyst, reverse("signal", args=[plain])))


def test_what_only_folds_is_folded_and_marks_nothing(office: Office) -> None:
    sight = "Op zijn telefoon stonden naaktfoto's van een meisje van veertien."
    start = len(TEXT) + 1
    aside = ReceivedHit("AAN-01", "AAN-01/1", start + 24, start + 60, ASIDE, sight[24:60])
    reading = Reading("A", 5.0, "Gevonden.", "Found.", "nl 1.0", (), ())
    analyst = office.client(Role.ANALYST)
    key = file_one("politie", text=f"{TEXT} {sight}", reading=reading, distressing=(aside,))
    page = body(analyst, reverse("signal", args=[key]))
    (folded,) = FOLD.findall(page)
    summary, inside = folded.split("</summary>")
    assert "Seksueel geweld of misbruik, of beelden daarvan" in summary
    assert html.unescape(re.sub("<.*?>", "", inside)) == sight
    assert "sp-hit" not in inside
    assert "naaktfoto" not in open_part(page)
    for address in lists("telefoon"):
        assert "naaktfoto" not in body(analyst, address), address
