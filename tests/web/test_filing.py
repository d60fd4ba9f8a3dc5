"""Filing by form: one question a page, kept, branched, checked, filed once; nobody else sees what is not filed yet."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.world import plan
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Ask, Role
from seinpost.process.fold import fold
from seinpost.process.shapes import SignalView
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import history
from seinpost.store.models import Contribution, Draft, Hit, Person, Signal, TextVersion
from seinpost.web.reader import distress

FOLD = re.compile(r'<details class="sp-fold sp-passage">(.*?)</details>', re.DOTALL)
MUST = {"danger": "no", "minor": "no", "channel": "desk", "protect": "no", "what": "Zij moet haar loon afgeven."}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def begin(client: Client) -> UUID:
    answer = client.post(reverse("filing-begin"))
    assert answer.status_code == 302
    return UUID(answer.headers["Location"].split("/")[2])


def give(client: Client, key: UUID, code: str, address: str = "", **data: Any) -> HttpResponse:
    kind = next(p.kind for p in plan().prompts if p.code == code)
    if "answer" in data and kind is Ask.LIST:
        data |= {f"answer-{n}": text for n, text in enumerate(data.pop("answer"))}
    answer = client.post(reverse("filing-question", args=[key, code]) + address, data)
    assert isinstance(answer, HttpResponse)
    return answer


def fill(client: Client, key: UUID, **answers: object) -> None:
    for code, answer in {**MUST, **{name.replace("_", "-"): value for name, value in answers.items()}}.items():
        done = give(client, key, code, answer=answer)
        assert done.status_code == 302, (code, done.content.decode()[:3000])


def file(client: Client, key: UUID) -> UUID:
    answer = client.post(reverse("filing-file", args=[key]))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return UUID(answer.headers["Location"].split("/")[2])


def stored(key: UUID, service: str = "politie") -> tuple[SignalView, Signal, str]:
    with working_for(as_system(service), reach="all"):
        row = Signal.objects.get(pk=key)
        return fold(history(key)), row, TextVersion.objects.get(signal=key).text


def drafts() -> int:
    return Draft.objects.using("owner").count()


def test_a_signal_by_phone_is_filed_with_everything_that_was_told(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    fill(
        client, key, minor="yes", forms=["ARB", "SEKS"], victims=["Vrouw, rond 17", "Man, litteken"],
        places=["Kade 3, Delfzijl", "loods bij de sluis"], when="Al maanden", contact="Alleen overdag bellen",
        interpreter="yes", interpreter_language="Fanti", own_number="PL-1",
    )  # fmt: skip
    view, row, text = stored(file(client, key))
    assert view.urgency.minor
    assert not view.urgency.risk_to_life
    assert view.forms == {"ARB", "SEKS"}
    assert view.channel == "desk"
    assert not view.from_scan
    assert view.standing.next_action is not None
    assert "1. Vrouw, rond 17\n2. Man, litteken" in text
    assert "Fanti" not in text
    assert row.details["kept"]["interpreter-language"] == "Fanti"
    assert set(view.missing) == {"who-suspect", "how-known"}
    assert drafts() == 0
    page = client.get(reverse("signal", args=[row.pk])).content.decode()
    assert "Vraag de verbalisant" in page
    assert "Wie profiteert of dwingt" in page
    assert "Alleen overdag bellen" in page
    assert str(key) not in page


def test_each_answer_leads_to_the_next_question_and_the_last_to_the_summary(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    walked, at = [], "danger"
    while at != "":
        walked.append(at)
        kind = next(p.kind for p in plan().prompts if p.code == at)
        answer = MUST.get(at, ["a"] if kind is Ask.LIST else [] if kind is Ask.SOME else "")
        where = give(client, key, at, answer=answer).headers["Location"]
        assert client.get(where).status_code == 200
        at = where.split("/")[4] if "/vraag/" in where else ""
    assert walked == [p.code for p in plan().prompts if p.code != "interpreter-language"]


def test_danger_goes_before_everything_and_says_so_on_every_page(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    give(client, key, "danger", answer="yes")
    assert "Levensgevaar" in client.get(reverse("filing-question", args=[key, "minor"])).content.decode()
    fill(client, key, danger="yes")
    view, row, _ = stored(file(client, key))
    assert view.urgency.risk_to_life
    first = client.post(reverse("take-next")).headers["Location"]
    assert first == reverse("signal", args=[row.pk])


def test_a_protected_source_has_its_compartment_and_is_asked_for_nowhere(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    fill(client, key, reporter="Jan de Buurman, 06-11112222")
    give(client, key, "channel", answer="anonymous-line")
    assert client.get(reverse("filing-question", args=[key, "reporter"])).status_code == 404
    view, row, text = stored(file(client, key))
    assert view.compartment == "anonymous-line"
    assert "Buurman" not in text + repr(row.details)


def test_one_can_stop_go_on_later_change_an_answer_and_drop(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    assert give(client, key, "danger", answer="no", stop="1").headers["Location"] == reverse("filing")
    page = client.get(reverse("filing")).content.decode()
    assert str(key) in page
    assert "wordt gewist op" in page
    fill(client, key)
    back = give(client, key, "interpreter", "?terug=overzicht", answer="yes").headers["Location"]
    assert "interpreter-language" in back  # the answer made this one apply
    assert give(client, key, "what", "?terug=overzicht", answer="Anders.").headers["Location"] == reverse(
        "filing-summary", args=[key]
    )
    assert "Anders." in client.get(reverse("filing-summary", args=[key])).content.decode()
    client.post(reverse("filing-drop", args=[key]))
    assert drafts() == 0
    assert client.get(reverse("filing-summary", args=[key])).status_code == 404


def test_a_list_grows_by_one_and_forgets_what_is_emptied(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    fill(client, key)
    again = give(client, key, "victims", answer=["een", "twee"], more="1").headers["Location"]
    assert client.get(again).content.decode().count("<textarea") == 3
    give(client, key, "victims", answer=["", "twee", "drie"])
    _, _, text = stored(file(client, key))
    assert "1. twee\n2. drie" in text


def test_sending_the_form_twice_files_one_signal(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    fill(client, key)
    assert file(client, key) == file(client, key)
    assert client.get(reverse("filing-question", args=[key, "what"])).status_code == 302


def test_nothing_is_filed_before_what_is_required_is_there(office: Office) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    give(client, key, "danger", answer="no")
    answer = client.post(reverse("filing-file", args=[key]))
    assert answer.headers["Location"] == reverse("filing-summary", args=[key])
    assert drafts() == 1


@pytest.mark.parametrize(
    ("code", "data", "said"),
    [
        ("danger", {}, "Kies een antwoord: Ja, Nee, Weet ik niet."),
        ("danger", {"answer": "maybe"}, "maybe is hier geen antwoord. Kies uit: Ja, Nee, Weet ik niet"),
        ("channel", {"answer": "scan"}, "scan is hier geen antwoord"),
        ("what", {"answer": " "}, "Hier is een antwoord nodig"),
        ("what", {"answer": "a" * 10_001}, "hoogstens 10000 tekens, dit zijn er 10001"),
        ("own-number", {"answer": "a" * 201}, "hoogstens 200 tekens"),
        ("forms", {"answer": ["ARB", "XX"]}, "XX is hier geen antwoord"),
        ("what", {"answer": "a\x00b"}, "teken dat geen letter is"),
    ],
)
def test_an_error_names_the_question_and_what_is_allowed(
    office: Office, code: str, data: dict[str, Any], said: str
) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    answer = give(client, key, code, **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert next(p.label.nl for p in plan().prompts if p.code == code) in page


def test_nobody_but_the_writer_finds_a_form(office: Office) -> None:
    key = begin(office.client(Role.ANALYST))
    for role, service in ((Role.COORDINATOR, "politie"), (Role.ADMINISTRATOR, "politie"), (Role.ANALYST, "nla")):
        client = office.client(role, service)
        assert str(key) not in client.get(reverse("filing")).content.decode()
        assert client.get(reverse("filing-summary", args=[key])).status_code == 404
        assert client.get(reverse("filing-question", args=[key, "what"])).status_code == 404
        assert give(client, key, "what", answer="x").status_code == 404
        for name in ("filing-file", "filing-drop"):
            assert client.post(reverse(name, args=[key])).status_code == 404
    assert drafts() == 1
    assert Client(HTTP_HOST="localhost").get(reverse("filing")).status_code == 302


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR, Role.TRAINEE])
def test_who_may_not_file_is_told_why(office: Office, role: Role) -> None:
    client = office.client(role)
    assert client.get(reverse("filing")).status_code == 403
    assert client.post(reverse("filing-begin")).status_code == 403
    assert drafts() == 0


def test_somebody_without_a_unit_is_told(office: Office) -> None:
    person = office.world.people["politie", Role.ANALYST]
    client = office.client(Role.ANALYST)
    Person.objects.filter(pk=person.pk).update(unit=None)
    assert client.get(reverse("filing")).status_code == 403


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sheet_has_every_question(office: Office, language: str) -> None:
    client = office.client(Role.ANALYST, "kmar")
    client.post(reverse("preferences"), {"language": language})
    page = client.get(reverse("filing-sheet")).content.decode()
    for prompt in plan().prompts:
        assert prompt.label.told(language).replace("'", "&#x27;") in page
    assert ("Grenscontrole" if language == "nl" else "Border control") in page


def test_the_start_costs_the_same_number_of_queries_however_many_forms(office: Office) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = office.client(Role.ANALYST)
    begin(client)
    counts = []
    for _ in range(2):
        client.get(reverse("filing"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("filing"))
        counts.append(len(queries))
        for _ in range(5):
            begin(client)
    assert counts[0] == counts[1]


SIGNS = st.characters(codec="utf-8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.sampled_from([p.code for p in plan().prompts]),
    name=st.sampled_from(["answer", "answer-0", "answer-1", "answer-x", "answer-99", "more", "stop"]),
    value=st.one_of(st.text(SIGNS, max_size=40), st.lists(st.text(SIGNS, max_size=5), max_size=4)),
)
def test_nothing_that_is_sent_breaks_a_question(office: Office, code: str, name: str, value: object) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    kind = next(p.kind for p in plan().prompts if p.code == code)
    sent: dict[str, Any] = {name: value} if kind is not Ask.LIST or name != "answer" else {"answer-2": value}
    assert give(client, key, code, **sent).status_code in (302, 404, 422)
    assert client.get(reverse("filing-summary", args=[key])).status_code == 200
    assert client.get(reverse("filing-question", args=[uuid4(), code])).status_code == 404


def test_what_is_distressing_in_a_form_is_folded_on_every_page_and_in_every_title_and_nothing_is_scored(
    office: Office,
) -> None:
    client = office.client(Role.ANALYST)
    key = begin(client)
    fill(client, key, what="Zij werd verkracht door de baas. Zij moet haar loon afgeven.", minor="no")
    signal = file(client, key)
    _view, row, text = stored(signal)
    assert (row.layer, row.score, row.pack) == ("", None, "")
    with working_for(as_system("politie"), reach="all"):
        assert not Contribution.objects.filter(signal=signal).exists()
        found = list(Hit.objects.filter(signal=signal))
    assert found
    assert {hit.indicator for hit in found} <= distress().codes
    assert all(text[hit.start : hit.end] == hit.quote for hit in found)
    for name in ("signal", "signal-scan", "signal-history", "signal-enrich"):
        page = client.get(reverse(name, args=[signal])).content.decode()
        assert "verkracht" not in FOLD.sub("", page), name
    page = client.get(reverse("signal", args=[signal])).content.decode()
    assert "verkracht" in page, "it can be opened"
    assert "haar loon afgeven" in FOLD.sub("", page)
    assert "sp-hit" not in page, "nothing is marked: the scan did not put it before a reader"
    for address in (reverse("queue"), reverse("search", query={"q": "baas loon"})):
        assert "verkracht" not in client.get(address).content.decode(), address
    assert "sp-passage" in office.client(Role.WEIGHER).get(reverse("signal", args=[signal])).content.decode()
    client.post(reverse("preferences"), {"passages": "shown"})
    assert "verkracht" in FOLD.sub("", client.get(reverse("signal", args=[signal])).content.decode())
