"""What was decided is taken back where one lands, alone or together, and by a coordinator too."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import SENTENCE, do, done, view
from tests.web.test_together import looked_at, send

from seinpost.packs.procedure.terms import Phase, Role, Verb

DISMISS = {"reason": "explained", "words": ""}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def undo_of(key: UUID) -> str:
    return reverse("signal-act", args=[key, Verb.UNDO.value])


def landed(client: Client, key: UUID, verb: Verb, **data: object) -> str:
    """The page on which somebody lands who decided."""
    answer = do(client, key, verb, **data)
    return client.get(answer.headers["Location"]).content.decode()


def test_the_page_one_lands_on_takes_it_back_in_one_press(office: Office) -> None:
    analyst, second = office.client(Role.ANALYST), file_one("politie")
    for verb, data in ((Verb.DISMISS, DISMISS), (Verb.CONFIRM, {"forms": ["ARB"], "words": ""}), (Verb.UNSURE, {})):
        page = landed(analyst, office.signal, verb, **data)
        [form] = re.findall(r'<form class="sp-note__undo" method="post" action="([^"]+)">', page)
        assert form == undo_of(office.signal), verb
        assert analyst.post(form).status_code == 302
        assert view(office.signal).phase is Phase.REGISTERED, verb
        assert all(decision.undone for decision in view(office.signal).decisions)
    page = landed(analyst, second, Verb.NOTE, words=SENTENCE)
    assert "Vastgelegd" in page
    assert "sp-note__undo" not in page, "a note is no decision"


def test_a_join_is_taken_back_there_too(office: Office) -> None:
    analyst, second = office.client(Role.ANALYST), file_one("politie")
    number = re.findall(r"P-\d{6}", analyst.get(reverse("signal", args=[second])).content.decode())[0]
    page = landed(analyst, office.signal, Verb.JOIN, other=number, words="")
    assert undo_of(office.signal) in page
    analyst.post(undo_of(office.signal))
    assert view(office.signal).phase is Phase.REGISTERED
    assert view(second).joined_here == frozenset()


def test_a_coordinator_sees_where_somebody_elses_decision_is_taken_back_and_a_colleague_does_not(
    office: Office,
) -> None:
    done(office.client(Role.ANALYST), office.signal, Verb.DISMISS, **DISMISS)
    address = reverse("signal", args=[office.signal])
    name = office.world.people["politie", Role.ANALYST].name
    seen = {role: office.client(role).get(address).content.decode() for role in (Role.COORDINATOR, Role.WEIGHER)}
    assert f"Besluit van {name} terugnemen" in seen[Role.COORDINATOR]
    assert undo_of(office.signal) in seen[Role.COORDINATOR]
    assert undo_of(office.signal) not in seen[Role.WEIGHER]
    done(office.client(Role.COORDINATOR), office.signal, Verb.UNDO, words="")
    assert view(office.signal).phase is Phase.REGISTERED
    assert undo_of(office.signal) not in office.client(Role.COORDINATOR).get(address).content.decode()


def test_what_was_done_together_is_taken_back_together_and_what_changed_since_is_told(office: Office) -> None:
    analyst, others = office.client(Role.ANALYST), [file_one("politie") for _ in range(2)]
    signals = [office.signal, *others]
    page = send(analyst, looked_at(analyst, signals, {"verb": "dismiss", **DISMISS})).content.decode()
    assert "Neem deze 3 terug" in page
    values = re.findall(r'name="signal" value="([^"]+)"', page)
    done(office.client(Role.COORDINATOR), others[0], Verb.REOPEN, ground="new-information", words=SENTENCE)
    sent = {"verb": "undo", "step": "do", "signal": values}
    told = send(analyst, sent).content.decode()
    assert "2 signalen gedaan" in told
    assert "1 signaal is niet veranderd" in told
    assert "intussen veranderd" in told
    assert "terug</button>" not in told, "an undo is not undone"
    for key in (office.signal, others[1]):
        assert view(key).phase is Phase.REGISTERED
        assert view(key).decisions[-1].undone
    assert not view(others[0]).decisions[-1].undone
    again = send(analyst, sent).content.decode()
    assert again.count("was al gedaan") == 2


def test_only_decisions_are_taken_back_together(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    page = send(analyst, looked_at(analyst, [office.signal], {"verb": "note", "words": SENTENCE})).content.decode()
    assert "1 signaal gedaan" in page
    assert 'value="undo"' not in page


def test_a_bulk_that_was_sent_again_can_still_be_taken_back(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    sent = looked_at(analyst, [office.signal], {"verb": "dismiss", **DISMISS})
    send(analyst, sent)
    page = send(analyst, sent).content.decode()
    assert "was al gedaan" in page
    values = re.findall(r'name="signal" value="([^"]+)"', page)
    assert "1 signaal gedaan" in send(analyst, {"verb": "undo", "step": "do", "signal": values}).content.decode()
    assert view(office.signal).phase is Phase.REGISTERED
