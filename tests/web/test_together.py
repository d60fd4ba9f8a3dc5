"""One verb on several signals of the queue: looked at first, done through the one door, never twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.signing import Signer
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.store.world import NOW, plan
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import SENTENCE, done, view

from seinpost.packs.procedure.terms import Phase, Purpose, Role, Verb
from seinpost.process.commands import Close, Note
from seinpost.process.people import Words
from seinpost.process.shapes import Urgency
from seinpost.store.actions.act import Seen
from seinpost.store.actions.bulk import MOST, TOGETHER, act_on_each
from seinpost.web.pages.seen import SALT

NOTE = {"verb": "note", "words": SENTENCE}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def send(client: Client, data: Mapping[str, object], query: dict[str, str] | None = None) -> HttpResponse:
    answer = client.post(reverse("queue-together", query=query or {"alles": "ja"}), data)
    assert isinstance(answer, HttpResponse)
    return answer


def looked_at(
    client: Client, signals: list[UUID] | None, data: Mapping[str, object], **query: str
) -> dict[str, object]:
    """Go through the page that says what will happen; what its form then sends."""
    picked: dict[str, object] = {"all": "on"} if signals is None else {"signal": [str(one) for one in signals]}
    first = send(client, {"verb": data["verb"], **picked}, query)
    chosen = re.findall(r'name="signal" value="([^"]+)"', first.content.decode())
    shown = send(client, {**data, "step": "preview", "signal": chosen}, query)
    values = re.findall(r'name="signal" value="([^"]+)"', shown.content.decode())
    return {**data, "step": "do", "signal": values}


def notes(key: UUID) -> int:
    from seinpost.store.acting import as_system, working_for
    from seinpost.store.log import history

    with working_for(as_system("politie"), reach="all"):
        return sum(event.verb is Verb.NOTE for event in history(key))


def test_looking_at_what_will_happen_changes_nothing(office: Office) -> None:
    client, second = office.client(Role.ANALYST), file_one("politie")
    before = view(office.signal), view(second)
    sent = looked_at(client, [office.signal, second], {"verb": "dismiss", "reason": "explained", "words": ""})
    assert len(sent["signal"]) == 2  # type: ignore[arg-type]
    assert (view(office.signal), view(second)) == before


def test_several_are_dismissed_with_one_reason_each_through_the_one_door(office: Office) -> None:
    client = office.client(Role.ANALYST)
    signals = [office.signal, *(file_one("politie") for _ in range(3))]
    page = send(client, looked_at(client, signals, {"verb": "dismiss", "reason": "explained", "words": ""}))
    assert "4 signalen gedaan" in page.content.decode()
    for key in signals:
        assert view(key).phase is Phase.DISMISSED
        assert view(key).standing.dismissal is not None


def test_what_the_process_refuses_is_told_with_its_reason_and_left_alone(office: Office) -> None:
    client = office.client(Role.ANALYST)
    minor = file_one("politie", urgency=Urgency(minor=True))
    data: Mapping[str, object] = {"verb": "dismiss", "reason": "explained", "words": "", "step": "preview"}
    page = send(client, {**data, "signal": [str(office.signal), str(minor)]}).content.decode()
    assert "1 signaal blijft zoals het is" in page
    assert plan().refusals[next(r for r in plan().refusals if r.value == "is-urgent")].nl in page
    salt = f"{SALT}.{office.world.people['politie', Role.ANALYST].pk}"
    lines = [Signer(salt=salt).sign(f"{key}.1") for key in (office.signal, minor)]
    again = send(client, {**data, "step": "do", "signal": lines}).content.decode()
    assert "1 signaal gedaan" in again
    assert "1 signaal is niet veranderd" in again
    assert view(minor).phase is Phase.REGISTERED


def test_broken_off_half_way_it_is_sent_again_and_nothing_is_done_twice(office: Office) -> None:
    client = office.client(Role.ANALYST)
    signals = [office.signal, *(file_one("politie") for _ in range(3))]
    sent = looked_at(client, signals, NOTE)
    half = {**sent, "signal": sent["signal"][:2]}  # type: ignore[index]
    send(client, half)
    page = send(client, sent).content.decode()
    assert "4 signalen gedaan" in page
    assert page.count("was al gedaan") == 2
    send(client, sent)
    assert [notes(key) for key in signals] == [1, 1, 1, 1]


def test_what_somebody_else_changed_in_between_is_not_touched(office: Office) -> None:
    client = office.client(Role.ANALYST)
    sent = looked_at(client, [office.signal], NOTE)
    done(office.client(Role.WEIGHER), office.signal, Verb.NOTE, words="Ik kijk er nu naar, laat maar liggen.")
    page = send(client, sent).content.decode()
    assert "intussen veranderd" in page
    assert notes(office.signal) == 1


def test_all_of_a_filter_is_that_filter_only(office: Office) -> None:
    client, minor = office.client(Role.ANALYST), file_one("politie", urgency=Urgency(minor=True))
    page = send(client, looked_at(client, None, NOTE, spoed="ja"), {"spoed": "ja"}).content.decode()
    assert "1 signaal gedaan" in page
    assert (notes(minor), notes(office.signal)) == (1, 0)


def test_later_and_to_a_colleague(office: Office) -> None:
    client, second = office.client(Role.COORDINATOR), file_one("politie")
    analyst = office.world.people["politie", Role.ANALYST]
    to = {"verb": "assign", "unit": "politie-team", "person": str(analyst.pk), "words": ""}
    send(client, looked_at(client, [office.signal, second], to))
    assert {view(office.signal).person, view(second).person} == {str(analyst.pk)}
    own, day = office.client(Role.ANALYST), date.today() + timedelta(days=5)
    send(own, looked_at(own, [office.signal, second], {"verb": "postpone", "until": day, "words": SENTENCE}))
    assert {view(office.signal).standing.diary, view(second).standing.diary} == {day}


def test_a_form_that_is_filled_in_badly_comes_back_with_what_was_picked(office: Office) -> None:
    page = send(
        office.client(Role.ANALYST), {"verb": "dismiss", "step": "do", "signal": [f"{office.signal}.1"], "words": ""}
    )
    assert str(office.signal) in page.content.decode()
    assert "Dit kan nog niet" in page.content.decode()
    assert view(office.signal).phase is Phase.REGISTERED


@pytest.mark.parametrize("verb", [*sorted({v.value for v in Verb} - {v.value for v in TOGETHER}), "", "onzin"])
def test_no_other_verb_goes_in_bulk_least_of_all_closing_and_weighing(office: Office, verb: str) -> None:
    before = view(office.signal)
    answer = send(office.client(Role.COORDINATOR), {"verb": verb, "step": "do", "signal": [f"{office.signal}.1"]})
    assert answer.status_code == 302
    assert view(office.signal) == before


def test_the_action_itself_knows_its_bounds(office: Office) -> None:
    acting, how = office.world.acting(Role.COORDINATOR), {"now": NOW, "plan": plan(), "purpose": Purpose.FOLLOW_UP}
    with pytest.raises(ValueError, match="close"):
        act_on_each(acting=acting, picked=(), command=Close.__new__(Close), **how)  # type: ignore[arg-type]
    many = [Seen(office.signal, 1)] * (MOST + 1)
    with pytest.raises(ValueError, match="201"):
        act_on_each(acting=acting, picked=many, command=Note(words=Words(SENTENCE)), **how)  # type: ignore[arg-type]


def test_an_outsider_picks_in_vain(office: Office) -> None:
    for role, service in ((Role.ANALYST, "nla"), (Role.ADMINISTRATOR, "politie")):
        for step in ("", "preview", "do"):
            data = {**NOTE, "step": step, "signal": [f"{office.signal}.1", "onzin", f"{office.signal}.x"]}
            answer = send(office.client(role, service), data)
            assert answer.status_code == 302
    assert notes(office.signal) == 0


def test_looking_costs_the_same_number_of_queries_however_many(office: Office) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts, signals = office.client(Role.ANALYST), [], [office.signal]
    client.get(reverse("queue"))  # the first visit also begins a session
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            send(client, {**NOTE, "step": "preview", "signal": [str(key) for key in signals]})
        counts.append(len(queries))
        signals += [file_one("politie") for _ in range(5)]
    assert counts[0] == counts[1]
