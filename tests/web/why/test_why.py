"""Why the scan did not flag what is here all the same: the sentences of the command, and by which pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse
from tests.web.people import Office, file_one, open_office
from tests.web.signals.test_folded import FOLD, TEXT, WORDS, body, open_part
from tests.web.test_stories import done

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.run.warm import explain_text, warm_engine
from seinpost.store.models import Signal, ViewLog
from seinpost.store.received import Reading, ReceivedContribution

CALM = "Melder zag een man een fiets repareren. Het was niet zo dat hij zijn paspoort kwijt was."


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def reading(layer: str, score: float, pack: str) -> Reading:
    return Reading(layer, score, "Weinig.", "Little.", pack)


def pack() -> str:
    return warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT).pack


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sentences_are_those_of_the_command(office: Office, language: str) -> None:
    analyst, key = office.client(Role.ANALYST), file_one("politie", text=CALM, reading=reading("D", 1.5, pack()))
    analyst.post(reverse("preferences"), {"language": language})
    found = explain_text(warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT).engine, CALM)
    page = unescape(body(analyst, reverse("signal-scan", args=[key])))
    assert found.layer in ("-", "D")
    for one in found.missing:
        assert (one.en if language == "en" else one.nl) in page
    assert (found.reason_en if language == "en" else found.reason_nl) in page
    assert f"{found.score:.2f}" in page
    assert pack() in page
    bar = warm_engine(settings.SCAN_PACK, settings.SCAN_KEPT).engine.pack.scoring.layer_minimum
    assert all(f"{value:.2f}" in page for layer, value in bar.items() if layer.name == "C")


def test_the_page_of_a_signal_says_why_it_is_here_though_nobody_flagged_it(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    low = file_one("politie", text=CALM, reading=reading("D", 1.5, "nl 0.0.1"))
    form = file_one("politie", text=CALM, reading=None, channel="desk")
    high = office.signal
    silent = file_one("politie")
    Signal.objects.using("owner").filter(pk=silent).update(silent_until=date.today() + timedelta(days=9))
    for key, sentence in (
        (low, "als controle wordt een deel daarvan toch gelezen"),
        (form, "Dit kwam niet uit de scan"),
        (silent, "Een stille regel houdt dit buiten de wachtrij"),
    ):
        page = body(analyst, reverse("signal", args=[key]))
        assert "Waarom niet aangemerkt?" in page
        assert sentence in page
        assert f'href="{reverse("signal-scan", args=[key])}"' in page
        assert sentence in body(analyst, reverse("signal-scan", args=[key]))
    page = body(analyst, reverse("signal", args=[high]))
    assert "Waarom niet aangemerkt?" not in page
    assert "Wat ontbrak voor een hogere laag" in page


def test_a_reading_of_another_pack_is_told_beside_this_one(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    old = file_one("politie", text=CALM, reading=reading("D", 1.5, "nl 0.0.1"))
    page = body(analyst, reverse("signal-scan", args=[old]))
    assert "Bij ontvangst las pakket nl 0.0.1 dit: laag D, som 1.50." in page
    assert "een ander dan dit" in page
    form = file_one("politie", text=CALM, reading=None, channel="desk")
    assert "Bij ontvangst" not in body(analyst, reverse("signal-scan", args=[form]))


def test_a_third_reader_that_read_along_is_told(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    raised = ReceivedContribution("ENCODER", "encoder", 1.5, "encoder", "De derde lezer.", "The third reader.")
    read = replace(reading("D", 1.5, pack()), contributions=(raised,))
    with_it = file_one("politie", text=CALM, reading=read)
    without = file_one("politie", text=CALM + " Einde.", reading=reading("D", 1.5, pack()))
    told = "Bij ontvangst las een derde lezer mee"
    assert told in body(analyst, reverse("signal-scan", args=[with_it]))
    assert told not in body(analyst, reverse("signal-scan", args=[without]))


def test_what_is_distressing_is_folded_though_nobody_scanned_it_before(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), file_one("politie", text=TEXT, reading=None, channel="desk")
    page = body(analyst, reverse("signal-scan", args=[key]))
    assert FOLD.search(page)
    assert WORDS not in open_part(page.split("sp-tabs")[1])  # its title is that of any page about what nobody scanned


def test_it_reads_what_came_in_and_the_look_is_logged(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), file_one("politie", text=CALM, reading=reading("D", 1.5, pack()))
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    done(analyst, key, Verb.CORRECT, text="Heel andere woorden.", words="Hersteld na bellen met melder.")
    before = ViewLog.objects.using("owner").filter(signal=key).count()
    page = body(analyst, reverse("signal-scan", args=[key]))
    assert "fiets" in page
    assert ViewLog.objects.using("owner").filter(signal=key).count() == before + 1
    assert office.client(Role.ADMINISTRATOR).get(reverse("signal-scan", args=[key])).status_code == 403
    assert office.client(Role.ANALYST, "nla").get(reverse("signal-scan", args=[key])).status_code == 404
