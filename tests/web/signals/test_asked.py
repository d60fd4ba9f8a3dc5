"""A question to who wrote a registration: shown who that is, put to them, and answered by who may read nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.rights.matrix import PLACES, make_signal
from tests.store.world import make_person
from tests.web.people import Office, browser, file_one, open_office
from tests.web.test_stories import SENTENCE, do, done, view

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Grant, Person, Unit, ViewLog
from seinpost.store.received import Reading, ReceivedContribution, ReceivedHit

QUESTION = "Waar stond het busje precies, en wanneer was dat?"
ELSEWHERE = (Role.ANALYST, Role.TRAINEE, Role.PRIVACY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def of_another_unit(role: Role) -> Person:
    """Somebody of the service in a unit whose rights reach no signal of the team."""
    team = Unit.objects.select_related("service").get(code="politie-team")
    made = {"task": team.task, "processing": team.processing, "name_nl": "Wijkteam", "name_en": "District"}
    unit, _new = Unit.objects.get_or_create(code="politie-wijk", service=team.service, defaults=made)
    with working_for(as_system("politie")):
        person = make_person(unit, role)
        Grant.objects.filter(person=person).update(units=[unit.pk])
    return person


def ask(office: Office, key: UUID, person: Person) -> str:
    """Put the question; the address at which it is answered."""
    sent = {"to": str(person.pk), "questions": ["where", "when"], "words": QUESTION}
    done(office.client(Role.WEIGHER), key, Verb.ASK_AUTHOR, **sent)
    return reverse("signal-act", args=[key, "answer"]) + f"?task={view(key).open_todos[-1].id}"


def looks(person: Person) -> list[tuple[str, str, str]]:
    rows = ViewLog.objects.using("owner").filter(person=str(person.pk), signal__isnull=False).order_by("id")
    return list(rows.values_list("verb", "purpose", "refused"))


def pages_of(key: UUID) -> list[str]:
    names = ("signal-enrich", "signal-weigh", "signal-tasks", "signal-attachments", "signal-history")
    return [reverse(name, args=[key]) for name in names] + [reverse("signal-act", args=[key, "note"])]


@pytest.mark.parametrize("role", ELSEWHERE)
def test_who_is_asked_sees_that_question_and_the_words_and_nothing_else_until_it_is_answered(
    office: Office, role: Role
) -> None:
    key = make_signal("registered")
    person, other = of_another_unit(role), of_another_unit(Role.ANALYST)
    reads = role is Role.PRIVACY_OFFICER  # reads every signal by itself
    client, stranger = browser(person), browser(other)
    before = client.get(reverse("signal", args=[key])).status_code
    assert before == (200 if reads else 403)
    done(office.client(Role.COORDINATOR), key, Verb.NOTE, words="zwregisterednotitie staat in een notitie van iemand.")
    address = ask(office, key, person)
    page = client.get(address)
    assert page.status_code == 200
    told = page.content.decode()
    assert QUESTION in told
    assert "zwregisteredtekst" in told
    if not reads:
        assert [word for word in PLACES if f"zwregistered{word}" in told] == ["tekst"]
        purpose = view_purpose(role)
        assert looks(person)[-1] == ("answer", purpose, "")
        assert client.get(reverse("signal", args=[key])).headers["Location"] == address, "a notice leads to the signal"
        assert [client.get(place).status_code for place in pages_of(key)] == [403] * 6
        today = client.get(reverse("today")).content.decode()
        assert QUESTION in today
        assert address in today
        assert reverse("signal-tasks", args=[key]) not in today
    assert QUESTION not in stranger.get(reverse("today")).content.decode()
    assert stranger.get(address).status_code == 403
    assert stranger.post(address, {"words": SENTENCE}).status_code == 403
    assert office.client(Role.ANALYST, "nla").get(address).status_code == 404
    answer = client.post(address, {"words": "Op de kade, vorige week.", "answered": ["where", "when"]})
    assert answer.status_code == 302
    assert view(key).open_todos == ()
    assert not {"where", "when"} & set(view(key).missing)
    assert client.get(address).status_code == 403, "it is answered"
    assert client.get(reverse("signal", args=[key])).status_code == before


def view_purpose(role: Role) -> str:
    """For which purpose somebody of a role answers."""
    special = {Role.TRAINEE: "training", Role.AUDITOR: "oversight", Role.ADMINISTRATOR: "management"}
    return special.get(role, "follow-up")


def test_only_the_own_question_opens_and_a_faulty_answer_is_told(office: Office) -> None:
    key = make_signal("registered")
    person, other = of_another_unit(Role.ANALYST), of_another_unit(Role.DETECTIVE)
    own, theirs = ask(office, key, person), ask(office, key, other)
    client = browser(person)
    assert client.get(theirs).status_code == 403
    assert client.post(theirs, {"words": SENTENCE}).status_code == 403
    assert client.get(reverse("signal-act", args=[key, "answer"])).status_code == 403
    empty = client.post(own, {"words": ""})
    assert empty.status_code == 422
    assert "Dit kan nog niet" in empty.content.decode()
    assert client.post(own, {"words": SENTENCE, "answered": ["who"]}).status_code == 422, "that was not asked"
    assert len(view(key).open_todos) == 2


def test_a_restricted_signal_is_asked_about_inside_its_circle_only(office: Office) -> None:
    key, person = make_signal("registered"), of_another_unit(Role.ANALYST)
    address = ask(office, key, person)
    client, coordinator = browser(person), office.client(Role.COORDINATOR)
    assert client.get(address).status_code == 200
    circle = [str(office.world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    done(coordinator, key, Verb.RESTRICT, words=SENTENCE, people=circle, supervisor=circle[0])
    closed = client.get(address)
    assert closed.status_code == 403
    assert "zwregisteredtekst" not in closed.content.decode()
    form = coordinator.get(reverse("signal-act", args=[key, "ask-author"])).content.decode()
    assert str(person.pk) not in form
    assert all(one in form for one in circle)
    sent = {"to": str(person.pk), "questions": ["where"], "words": QUESTION}
    assert do(coordinator, key, Verb.ASK_AUTHOR, **sent).status_code == 200, "nobody outside can be chosen"
    assert len(view(key).todos) == 1


def chosen(client: Client, key: UUID) -> str:
    """Whom the form of a question names already; empty for nobody."""
    form = client.get(reverse("signal-act", args=[key, "ask-author"])).content.decode()
    options = form.split('name="to"')[1].split("</select>")[0].split("<option")
    return next((one.split('"')[1] for one in options if "selected" in one), "")


@pytest.mark.parametrize("named", ["key", "login", "name", "email"])
def test_the_author_is_shown_and_asked_by_whichever_name_the_source_knows_them(office: Office, named: str) -> None:
    person = of_another_unit(Role.ANALYST)
    Person.objects.filter(pk=person.pk).update(name="Jo de Vries", email="jo@politie.voorbeeld")
    told = {
        "key": str(person.pk),
        "login": person.login.upper(),
        "name": "Jo de Vries",
        "email": "jo@politie.voorbeeld",
    }
    key = file_one("politie", author=told[named])
    client = office.client(Role.ANALYST)
    page = client.get(reverse("signal", args=[key])).content.decode()
    assert "Opgesteld door" in page
    assert ("Jo de Vries" if named == "key" else told[named]) in page
    assert chosen(client, key) == str(person.pk)


def test_nobody_is_guessed_and_a_protected_source_is_neither_shown_nor_preset(office: Office) -> None:
    people = [of_another_unit(Role.ANALYST) for _ in range(2)]
    Person.objects.filter(pk__in=[one.pk for one in people]).update(name="Jo de Vries")
    client = office.client(Role.ANALYST)
    twice, outside = file_one("politie", author="Jo de Vries"), file_one("politie", author="Iemand Elders")
    assert chosen(client, twice) == "", "two of that name"
    assert chosen(client, outside) == ""
    assert "Iemand Elders" in client.get(reverse("signal-act", args=[outside, "ask-author"])).content.decode()
    secret = file_one("politie", author=people[0].login, compartment="criminal-intelligence")
    for place in (reverse("signal", args=[secret]), reverse("signal-act", args=[secret, "ask-author"])):
        page = client.get(place).content.decode()
        assert people[0].login not in page.replace(f">{people[0].login}</option>", "")
    assert chosen(client, secret) == ""


def test_who_is_asked_sees_a_distressing_passage_folded(office: Office) -> None:
    text = "Het meisje van 15 had seks tegen betaling in kamer 12. Zij wil naar huis."
    words = "seks tegen betaling"
    start = text.index(words)
    hit = ReceivedHit("SEK-02", "SEK-02/1", start, start + len(words), "affirmed", words)
    addend = ReceivedContribution("SEK-02", "indicator", 4.0, "SEK-02", "Een kind.", "A child.", quote=words)
    key = file_one("politie", text=text, reading=Reading("A", 5.0, "Gevonden.", "Found.", "nl 1.0", (hit,), (addend,)))
    person = of_another_unit(Role.ANALYST)
    page = browser(person).get(ask(office, key, person)).content.decode()
    before, folded = page.split('<details class="sp-fold sp-passage">')
    assert words not in before
    assert words in folded
    assert "Zij wil naar huis." in page
