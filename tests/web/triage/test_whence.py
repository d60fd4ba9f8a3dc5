"""From a signal one comes back to the queue as one left it: its filter and its page, and nowhere else."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.web.people import Office, file_one, open_office
from tests.web.test_attachments import sent
from tests.web.test_stories import SEEN, SENTENCE, done

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.web.whence import ASKED, along, kept, queue_address

FILTER = "laag=A&weergave=kaarten"
BACK = re.compile(r'<nav aria-label="Kruimelpad"[^>]*><a href="([^"]+)"')


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def back_of(page: str) -> str:
    found = BACK.search(page)
    assert found is not None
    return found[1]


def asked(address: str) -> dict[str, list[str]]:
    assert urlsplit(address)[:3] == ("", "", reverse("queue")), address
    return parse_qs(urlsplit(address).query)


WANTED = {"laag": ["A"], "weergave": ["kaarten"]}


def test_the_link_of_a_line_leads_to_a_signal_whose_every_part_leads_back(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    queue = body(analyst, f"{reverse('queue')}?{FILTER}")
    link = re.search(rf'href="({reverse("signal", args=[office.signal])}[^"]+)" data-walk-to', queue)
    assert link is not None
    page = body(analyst, link[1])
    assert asked(back_of(page)) == WANTED
    tabs = re.findall(r'<li><a href="(/signalen/[^"]+)"', page)
    assert len(tabs) >= 6
    for tab in tabs:
        assert asked(back_of(body(analyst, tab))) == WANTED, tab
    confirm = next(one for one in re.findall(r'href="(/signalen/[^"]+)"', page) if "/doen/confirm/" in one)
    assert asked(back_of(body(analyst, confirm))) == WANTED


def test_after_a_decision_the_queue_is_as_it_was(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    address = reverse("signal-act", args=[office.signal, Verb.DISMISS.value]) + along(FILTER)
    seen = SEEN.search(body(analyst, address))
    assert seen is not None
    answer = analyst.post(address, {"seen": seen[1], "reason": "explained", "words": ""})
    assert asked(answer.headers["Location"]) == WANTED


def test_what_does_not_end_a_reading_stays_at_the_signal_and_keeps_the_way_back(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    answer = analyst.post(reverse("signal-decide", args=[office.signal]) + along(FILTER), {"choice": "take"})
    assert asked(back_of(body(analyst, answer.headers["Location"]))) == WANTED
    note = reverse("signal-act", args=[office.signal, Verb.NOTE.value]) + along(FILTER)
    answer = analyst.post(note, {"words": "Gelezen en nagekeken."})
    assert asked(back_of(body(analyst, answer.headers["Location"]))) == WANTED


def leads(page: str, at: str) -> set[str]:
    """The addresses of signals on a page, links and forms; a form without one goes to the page itself."""
    forms = re.findall(r"<form[^>]*>", page)
    actions = [found[1] if (found := re.search(r'action="([^"]*)"', form)) else at for form in forms]
    links = re.findall(r'href="([^"]+)"', page)
    return {one for one in (*actions, *links) if one.startswith("/signalen/")}


def test_every_link_and_form_of_every_page_of_a_signal_carries_it(office: Office) -> None:
    analyst, key, other = office.client(Role.ANALYST), office.signal, file_one("politie")
    person = str(office.world.people["politie", Role.ANALYST].pk)
    done(analyst, key, Verb.ADD_TASK, kind="call-somebody", by=person, due=date.today().isoformat(), words=SENTENCE)
    done(analyst, key, Verb.ATTACH, file=sent(), origin="Van de buurvrouw.")
    done(analyst, key, Verb.CORRECT, text="De baas nam zijn paspoorten af. Bel 06-12345678.", words=SENTENCE)
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    body(analyst, reverse("today"))  # what was said of this is said there
    start = reverse("signal", args=[key]) + along(FILTER)
    known, opened, to_open = {start}, set[str](), [start]
    while to_open:
        at = to_open.pop()
        if urlsplit(at).path in opened:
            continue  # the form of a verb is one page, whatever step it is about
        opened.add(urlsplit(at).path)
        found = leads(body(analyst, at), at)
        lost = {one for one in found if parse_qs(urlsplit(one).query).get("rij") != [FILTER]}
        assert not lost, at
        to_open += [one for one in found - known if str(key) in one and not skipped(one)]
        known |= found
    paths = " ".join(known)
    assert str(other) in paths, "beside the other"
    for part in ("verrijken", "wegen", "taken", "geschiedenis", "scan", "versies", "bijlagen"):
        assert f"/{part}/" in paths, part
    for act in ("look-up/?step=other", "finish-task/?task=", "undo/", "waive/?step=", "attach/"):
        assert f"/doen/{act}" in paths, act


def skipped(address: str) -> bool:
    """Not opened: a file, and what only takes a form."""
    return bool(re.search(r"/bijlagen/\d+/|/beslissen/", address))


def test_one_press_that_takes_a_decision_back_keeps_it_too(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    address = reverse("signal-act", args=[office.signal, Verb.CONFIRM.value]) + along(FILTER)
    seen = SEEN.search(body(analyst, address))
    assert seen is not None
    landed = body(analyst, analyst.post(address, {"seen": seen[1], "words": ""}).headers["Location"])
    undo = re.search(r'<form class="sp-note__undo" method="post" action="([^"]+)">', landed)
    assert undo is not None
    assert asked(back_of(body(analyst, analyst.post(undo[1]).headers["Location"]))) == WANTED


def test_the_next_one_taken_of_a_filter_leads_back_to_it(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    answer = analyst.post(f"{reverse('take-next')}?{FILTER}&bladzijde=2")
    assert asked(back_of(body(analyst, answer.headers["Location"]))) == {**WANTED, "bladzijde": ["2"]}
    plain = office.client(Role.WEIGHER)
    file_one("politie")
    answer = plain.post(reverse("take-next"))
    assert back_of(body(plain, answer.headers["Location"])) == reverse("queue")


@pytest.mark.parametrize(
    "odd", ["//evil.example/", "https://evil.example/?laag=A", "next=//evil.example", "q=06-12345678", "%00", "&" * 999]
)
def test_what_is_no_question_of_the_queue_leads_to_the_plain_queue(office: Office, odd: str) -> None:
    page = body(office.client(Role.ANALYST), reverse("signal", args=[office.signal]) + f"?rij={quote(odd)}")
    assert back_of(page) == reverse("queue")
    assert "evil" not in page


@given(st.text(max_size=200) | st.lists(st.tuples(st.sampled_from([*ASKED, "q"]), st.text(max_size=60))).map(
    lambda pairs: "&".join(f"{name}={quote(value)}" for name, value in pairs)))  # fmt: skip
def test_whatever_a_link_carries_leads_to_the_queue_with_its_own_questions(text: str) -> None:
    question = kept(text)
    assert kept(question) == question
    assert set(asked(queue_address(question))) <= set(ASKED)
    assert all(len(one) <= 40 for values in asked(queue_address(question)).values() for one in values)


def test_nothing_of_it_is_kept_on_the_workstation_or_in_the_session(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    body(analyst, f"{reverse('queue')}?{FILTER}&eenheid=zoekterm")
    body(analyst, reverse("signal", args=[office.signal]) + along("eenheid=zoekterm"))
    assert "zoekterm" not in str(analyst.cookies)
    assert "zoekterm" not in str(dict(analyst.session.items()))
