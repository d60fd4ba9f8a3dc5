"""What follows a decision on screen: a second look at what was weighed, one's own tasks on the day, what is late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from tests.store.signals import TEXT
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import SENTENCE, do, done, enrich, view, weighing

from seinpost.packs.procedure.terms import Phase, Profile, Purpose, Role, Verb
from seinpost.process.commands import Reopen
from seinpost.process.deadlines import local_day
from seinpost.process.people import Words
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import Done, act
from seinpost.store.models import Signal


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def weighed(office: Office, key: UUID) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    enrich(analyst, key)
    done(analyst, key, Verb.SUBMIT, words="")
    done(weigher, key, Verb.WEIGH, **weighing("talk-first"))


def test_new_information_on_what_was_weighed_is_shown_told_and_weighed_again(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    weighed(office, office.signal)
    address = reverse("signal", args=[office.signal])
    assert "Nieuw sinds de weging" not in weigher.get(address).content.decode()
    done(analyst, office.signal, Verb.NOTE, words="De buurvrouw belde terug.")
    file_one("politie", text=f"Opnieuw: {TEXT}", now=datetime.now().astimezone())
    page = weigher.get(address).content.decode()
    assert "Nieuw sinds de weging" in page
    assert "Notitie geschreven: 1" in page
    assert "Registraties die hetzelfde noemen: 1" in page
    assert "opnieuw gewogen moet worden" in weigher.get(reverse("today")).content.decode()
    form = analyst.get(reverse("signal-act", args=[office.signal, "reopen"])).content.decode()
    assert "Waarom opnieuw wegen?" in form
    done(
        analyst, office.signal, Verb.REOPEN, ground="new-signal", words="Een nieuwe registratie noemt hetzelfde nummer."
    )
    assert view(office.signal).phase is Phase.WEIGHING
    assert "Nieuw sinds de weging" not in weigher.get(address).content.decode()
    done(weigher, office.signal, Verb.WEIGH, **weighing("investigate"))
    assert view(office.signal).phase is Phase.WEIGHED


def test_own_tasks_stand_on_the_day_with_their_date_and_what_is_late_shows_in_the_queue(office: Office) -> None:
    analyst, detective = office.client(Role.ANALYST), office.client(Role.DETECTIVE)
    person = str(office.world.people["politie", Role.DETECTIVE].pk)
    done(
        analyst, office.signal, Verb.ADD_TASK, kind="call-somebody", by=person, due=date.today().isoformat(),
        words="Bel de melder over het adres.",
    )  # fmt: skip
    page = detective.get(reverse("today")).content.decode()
    assert "Uw taken" in page
    assert "Bel de melder over het adres." in page
    assert "te laat" not in page.split("Uw taken")[1].split("</ul>")[0]
    assert "Uw taken" not in analyst.get(reverse("today")).content.decode()
    assert "taak te laat" not in analyst.get(reverse("queue")).content.decode()
    with working_for(as_system("politie"), reach="all"):
        row = Signal.objects.get(pk=office.signal)
        assert row.task_due is not None
        assert (row.task_people, local_day(row.task_due - timedelta(hours=1))) == ([person], date.today())
        Signal.objects.filter(pk=office.signal).update(task_due=row.task_due - timedelta(days=2))
    assert "taak te laat" in analyst.get(reverse("queue")).content.decode()
    todo = view(office.signal).open_todos[0]
    link = reverse("signal-act", args=[office.signal, "finish-task"]) + f"?task={todo.id}"
    assert link in page
    assert detective.post(link, {"words": "Gebeld: het adres klopt."}).status_code == 302
    assert "Uw taken" not in detective.get(reverse("today")).content.decode()


def test_the_page_of_the_bar_counts_weighings_and_the_sample_by_names_not_codes(office: Office) -> None:
    coordinator = office.client(Role.COORDINATOR)
    assert "Nog niets gewogen" in coordinator.get(reverse("drift")).content.decode()
    weighed(office, office.signal)
    second = file_one("politie")
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    done(analyst, second, Verb.DISMISS, reason="explained", words="")
    sample = Reopen(ground="control-sample", words=Words(SENTENCE))
    drawn = act(
        acting=as_system("politie"), signal=second, ask=sample, now=datetime.now().astimezone(), plan=plan(),
        purpose=Purpose.GUARDING,
    )  # fmt: skip
    assert isinstance(drawn, Done)
    page = coordinator.get(reverse("drift")).content.decode()
    assert "Wacht nog: 1" in page
    assert ">ARB<" not in page
    assert "politie-team" not in page, "a name, not a code"
    assert do(analyst, second, Verb.CONFIRM, forms=["ARB"], words="").status_code == 422
    done(weigher, second, Verb.DISMISS, reason="explained", words="")
    page = coordinator.get(reverse("drift")).content.decode()
    assert "Ook geen signaal: 1" in page
    assert "Eens: 100%" in page


@pytest.mark.parametrize(("service", "last"), [("kmar", "Zelf onderzoeken of overdragen"), ("nla", "Dublin")])
def test_the_other_services_enrich_and_weigh_by_their_own_steps(office: Office, service: str, last: str) -> None:
    key = file_one(service)
    analyst, weigher = office.client(Role.ANALYST, service), office.client(Role.WEIGHER, service)
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    page = analyst.get(reverse("signal-enrich", args=[key])).content.decode()
    assert last in page
    assert "In geen ander systeem gekeken." in page
    enrich(analyst, key, service)
    other: dict[str, object] = {"step": "other", "result": "found", "grade": "official", "words": "Eigendom nagekeken."}
    assert do(analyst, key, Verb.LOOK_UP, **other, other_system="Kadaster").status_code == 422
    why = {"purpose": "eigenaar van de woning", "ground": "openbaar register"}
    done(analyst, key, Verb.LOOK_UP, **other, **why, other_system="Kadaster")
    page = analyst.get(reverse("signal-enrich", args=[key])).content.decode()
    for said in ("Kadaster", "eigenaar van de woning", "openbaar register", "Officiële registratie"):
        assert said in page
    done(analyst, key, Verb.SUBMIT, words="")
    form = weigher.get(reverse("signal-act", args=[key, "weigh"])).content.decode()
    tab = weigher.get(reverse("signal-weigh", args=[key])).content.decode()
    for page in (form, tab):
        assert "Wat de verrijking gaf" in page
        assert "gemotiveerd overgeslagen" in page
        assert SENTENCE in page
        assert "Kadaster" in page
    profile = Profile(service)
    if service == "kmar" and "Overdragen aan de politie" not in form:
        assert do(weigher, key, Verb.WEIGH, **weighing("hand-over", profile)).status_code == 422
        hand = {"step": "kmar-competence", "system": "eigen oordeel", "result": "hand-over-police", "grade": "official"}
        done(analyst, key, Verb.LOOK_UP, **hand, words=SENTENCE)
    done(weigher, key, Verb.WEIGH, **weighing("hand-over", profile))
    assert view(key, service).phase is Phase.WEIGHED
    if service == "kmar":
        assert "Overdragen aan de politie" in weigher.get(reverse("signal-weigh", args=[key])).content.decode()
