"""Whole stories through the pages, as the people of the chain live them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office

from seinpost.packs.procedure.terms import ListName, Phase, Profile, Role, Verb
from seinpost.process.fold import fold
from seinpost.process.shapes import SignalView
from seinpost.process.verbs.case import steps_of
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import history
from seinpost.store.models import Signal
from seinpost.web.pages.seen import DECIDES

SEEN = re.compile(r'name="seen" value="([^"]+)"')
SENTENCE = "Dat staat zo in de registratie en is nagekeken."


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def view(key: UUID, service: str = "politie") -> SignalView:
    with working_for(as_system(service), reach="all"):
        return fold(history(key))


def do(client: Client, key: UUID, verb: Verb, **data: object) -> HttpResponse:
    """Fill in the form of a verb as a browser does: what its page holds hidden goes with it."""
    address = reverse("signal-act", args=[key, verb.value])
    seen = SEEN.search(client.get(address).content.decode()) if verb in DECIDES else None
    answer = client.post(address, {**({"seen": seen[1]} if seen else {}), **data})
    assert isinstance(answer, HttpResponse)
    return answer


def done(client: Client, key: UUID, verb: Verb, **data: object) -> None:
    answer = do(client, key, verb, **data)
    assert answer.status_code == 302, answer.content.decode()[:4000]


def enrich(client: Client, key: UUID, service: str = "politie") -> None:
    """Do or reason away every required step."""
    for number, step in enumerate(steps_of(view(key, service), plan())):
        if step.required:
            if number % 2:
                done(client, key, Verb.WAIVE, step=step.code, words=SENTENCE)
            else:
                said = {"result": "hand-over-police" if step.results is ListName.COMPETENCE else "nothing"}
                said |= {"system": step.systems[0], "grade": "official", "words": SENTENCE}
                done(client, key, Verb.LOOK_UP, step=step.code, **said)


def closing() -> dict[str, object]:
    answers: dict[str, object] = {"reason": "no-leads", "closing_words": SENTENCE, "victim": "unreachable"}
    answers["victim_words"] = "Drie keer gebeld, geen gehoor; adres is leeg."
    leads = plan().lists[ListName.LEADS]
    return answers | {f"lead-{code}": SENTENCE for code, entry in leads.items() if entry.always}


def weighing(outcome: str, profile: Profile = Profile.POLITIE) -> dict[str, object]:
    answers: dict[str, object] = {"outcome": outcome, "words": SENTENCE}
    for criterion in plan().criteria[profile]:
        answers |= {f"answer-{criterion.code}": "unknown", f"words-{criterion.code}": SENTENCE}
    return answers


def test_from_the_queue_to_a_closing_that_two_people_carry(office: Office) -> None:
    analyst, weigher, coordinator = (office.client(r) for r in (Role.ANALYST, Role.WEIGHER, Role.COORDINATOR))
    taken = analyst.post(reverse("take-next"))
    assert taken.headers["Location"] == reverse("signal", args=[office.signal])
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    assert view(office.signal).phase is Phase.ENRICHMENT
    early = do(analyst, office.signal, Verb.SUBMIT, words="")
    assert early.status_code == 422
    enrich(analyst, office.signal)
    done(analyst, office.signal, Verb.RELEASE, words="")
    done(analyst, office.signal, Verb.SUBMIT, words="")
    done(weigher, office.signal, Verb.WEIGH, **weighing("no-follow-up"), **closing())
    assert view(office.signal).phase is not Phase.CLOSED, "one person closes nothing"
    alone = do(weigher, office.signal, Verb.AGREE, words=SENTENCE)
    assert alone.status_code == 422, "nor does the same person twice"
    done(coordinator, office.signal, Verb.AGREE, words=SENTENCE)
    assert view(office.signal).phase is Phase.CLOSED
    page = coordinator.get(reverse("signal-weigh", args=[office.signal])).content.decode()
    assert "Drie keer gebeld" in page
    proof = coordinator.get(reverse("guarantee")).content.decode()
    assert "in orde" in proof


def test_what_cannot_be_done_now_is_told_with_the_empty_form(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    form = reverse("signal-act", args=[office.signal, Verb.CONFIRM.value])
    assert "Dit kan nu niet" not in analyst.get(form).content.decode()
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    late = analyst.get(form)
    assert 'id="fouten"' not in late.content.decode(), "nothing was sent yet: the keys begin at the top of the page"
    assert (late.status_code, "Dit kan niet in de fase In verrijking." in late.content.decode()) == (200, True)
    early = analyst.get(reverse("signal-act", args=[office.signal, Verb.SUBMIT.value])).content.decode()
    said = do(analyst, office.signal, Verb.SUBMIT, words="").content.decode()
    told = re.findall(r"<li>([^<]+)</li>", early[early.index("Dit kan nu niet") :])[0]
    assert told in said, "the same reason before and after"


def test_no_follow_up_without_looking_for_leads_is_refused_with_the_reason(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    enrich(analyst, office.signal)
    done(analyst, office.signal, Verb.SUBMIT, words="")
    answers = closing()
    answers.pop("lead-victims")
    refused = do(weigher, office.signal, Verb.WEIGH, **weighing("no-follow-up"), **answers)
    assert refused.status_code == 422
    assert "Mogelijke slachtoffers" in refused.content.decode()
    assert view(office.signal).phase is Phase.WEIGHING


def test_a_minor_goes_to_the_weighers_without_the_minimum_enrichment(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    done(analyst, office.signal, Verb.CONFIRM, forms=["CRIM"], words="")
    done(analyst, office.signal, Verb.MARK_URGENT, minor="on", words="Zegt zelf vijftien te zijn; geen papieren.")
    done(analyst, office.signal, Verb.SUBMIT, words="")
    assert view(office.signal).phase is Phase.WEIGHING


def test_not_a_signal_needs_a_reason_and_can_be_taken_back(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    assert do(analyst, office.signal, Verb.DISMISS, words="").status_code == 200  # the form again, with its fault
    done(analyst, office.signal, Verb.DISMISS, reason="explained", words="")
    assert view(office.signal).phase is Phase.DISMISSED
    page = analyst.get(reverse("signal", args=[office.signal])).content.decode()
    assert reverse("signal-act", args=[office.signal, "undo"]) in page
    done(analyst, office.signal, Verb.UNDO, words="")
    assert view(office.signal).phase is Phase.REGISTERED


def test_joining_another_signal_by_its_number(office: Office) -> None:
    analyst, second = office.client(Role.ANALYST), file_one("politie")
    with working_for(as_system("politie"), reach="all"):
        number = Signal.objects.get(pk=second).number
    wrong = do(analyst, office.signal, Verb.JOIN, other="onzin", words="")
    assert wrong.status_code == 200
    assert do(analyst, office.signal, Verb.JOIN, other="P-999999", words="").status_code == 422
    done(analyst, office.signal, Verb.JOIN, other=f"P-{number:06d}", words="")
    assert view(office.signal).phase is Phase.JOINED
    assert str(office.signal) in view(second).joined_here


def test_later_leaves_the_queue_and_a_second_reader_is_told_nothing_of_it(office: Office) -> None:
    from datetime import date, timedelta

    analyst = office.client(Role.ANALYST)
    done(analyst, office.signal, Verb.POSTPONE, until=date.today() + timedelta(days=5), words=SENTENCE)
    link = f'href="{reverse("signal", args=[office.signal])}"'
    assert link not in analyst.get(reverse("queue")).content.decode()


def test_a_corrected_text_is_a_new_version_and_the_first_stays(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    done(analyst, office.signal, Verb.CORRECT, text="Het ging om twee paspoorten.", words="Aantal hersteld na bellen.")
    page = analyst.get(reverse("signal-history", args=[office.signal])).content.decode()
    assert "Het ging om twee paspoorten." in page
    assert "zijn paspoorten heeft afgenomen" in page


def test_emergency_access_opens_for_an_hour_and_is_judged_afterwards(office: Office) -> None:
    coordinator, detective = office.client(Role.COORDINATOR), office.client(Role.DETECTIVE)
    people = office.world.people
    named, second = (str(people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER))
    done(coordinator, office.signal, Verb.RESTRICT, people=[named, second], supervisor=named, words=SENTENCE)
    address = reverse("signal", args=[office.signal])
    offered = reverse("glass-break", args=[office.signal])
    refused = detective.get(address)
    assert refused.status_code == 403
    assert offered in refused.content.decode()
    assert offered not in office.client(Role.ADMINISTRATOR).get(address).content.decode(), "who may not take it"
    assert reverse("signal", args=[office.signal]) not in detective.get(reverse("queue")).content.decode()
    detective.post(reverse("glass-break", args=[office.signal]), {"words": "Levensgevaar: zij belde net 112."})
    assert detective.get(address).status_code == 200
    officer = office.client(Role.PRIVACY_OFFICER)
    page = officer.get(reverse("glass")).content.decode()
    assert "Levensgevaar" in page
    glass = view(office.signal).glass[0]
    officer.post(
        reverse("glass-review", args=[office.signal]),
        {"person": glass.person, "since": glass.since.isoformat(), "justified": "yes", "words": SENTENCE},
    )
    assert view(office.signal).glass[0].reviewed


def test_two_people_cannot_hold_one_signal(office: Office) -> None:
    first, second = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    assert first.post(reverse("take-next")).headers["Location"] == reverse("signal", args=[office.signal])
    assert second.post(reverse("take-next")).headers["Location"] == reverse("queue")
    refused = do(second, office.signal, Verb.CONFIRM, forms=[], words="")
    assert refused.status_code == 422


def test_a_verb_that_would_be_refused_stands_disabled_with_its_reason(office: Office) -> None:
    analyst, second = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    address = reverse("signal", args=[office.signal])
    confirm = reverse("signal-act", args=[office.signal, "confirm"])
    assert confirm in second.get(address).content.decode()
    analyst.post(reverse("take-next"))
    page = second.get(address).content.decode()
    assert confirm not in page
    name = office.world.people["politie", Role.ANALYST].name
    assert 'disabled aria-describedby="waarom-confirm"' in page
    assert f"{name} is hiermee bezig" in page
    assert confirm in analyst.get(address).content.decode()
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    page = analyst.get(address).content.decode()
    assert 'disabled aria-describedby="waarom-submit"' in page
    assert "Nog te doen of te motiveren" in page


@pytest.mark.parametrize("proposed", [(), ("ARB",)])
def test_it_can_be_called_a_signal_without_naming_a_form(office: Office, proposed: tuple[str, ...]) -> None:
    key = file_one("politie", text="De chauffeur sliep weken in de cabine.", forms=proposed)
    done(office.client(Role.ANALYST), key, Verb.CONFIRM, words="")
    assert view(key).phase is Phase.ENRICHMENT


def told_at(page: str) -> dict[str, str]:
    """What is wrong by the list at the top of a form: what is said, by the address of the field that it leads to."""
    return dict(re.findall(r'<li><a href="#([^"]+)">[^<]*</a>: ([^<]+)</li>', page))


def test_what_the_rules_refuse_is_told_at_its_field_and_names_no_code(office: Office) -> None:
    analyst, weigher, key = office.client(Role.ANALYST), office.client(Role.WEIGHER), office.signal
    short, sentence = "Nee.", "Schrijf een zin van ten minste 10 letters."
    answer = do(analyst, key, Verb.POSTPONE, until="2020-01-01", words=short)
    told = told_at(answer.content.decode())
    assert told == {"id_until": "De datum moet na vandaag liggen.", "id_words": sentence}
    assert answer.status_code == 422
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    enrich(analyst, key)
    done(analyst, key, Verb.SUBMIT, words="")
    first = plan().criteria[Profile.POLITIE][0].code
    given = weighing("no-follow-up") | closing() | {f"words-{first}": short, "closing_words": short, "victim_words": ""}
    lead = next(code for code, entry in plan().lists[ListName.LEADS].items() if entry.always)
    page = do(weigher, key, Verb.WEIGH, **{**given, f"lead-{lead}": ""}).content.decode()
    told = told_at(page)
    assert {f"id_words-{first}", "id_closing_words", f"id_lead-{lead}", "id_victim_words"} == set(told)
    assert told[f"id_words-{first}"] == told["id_closing_words"] == sentence
    top = page.partition('id="fouten"')[2].partition("</div>")[0]
    for code in (f"bij {first}", "closing_words.", "bij words"):
        assert code not in re.sub(r"<[^>]+>", "", top)
    for place in told:
        assert f'id="{place}"' in page, "the link leads somewhere"
    assert all(f'id="{place}_error"' in page for place in told), "and there it is said again"
