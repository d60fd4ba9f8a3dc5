"""The world of the rights matrix: a signal in every state, words that name where they leaked from, and what is right.

Every text of a signal holds a word of its own, `zw` + state + place: found in an answer, it says what leaked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.store.signals import received
from tests.store.world import make_person, make_world, plan
from tests.web.people import browser, file_one
from tests.web.test_stories import SENTENCE, closing, done, enrich, view, weighing

from seinpost.packs.procedure.terms import ListName, Purpose, Role, Verb
from seinpost.process.people import Actor
from seinpost.process.policy import may, visible
from seinpost.process.shapes import Allowed, SignalView
from seinpost.store.acting import actor_of, as_person, as_system, working_for
from seinpost.store.models import Grant, Person, Unit
from seinpost.store.queries.scope import PURPOSES

STATES = ("registered", "enrichment", "weighing", "closed", "dismissed", "restricted", "protected")
SOURCES = ("bron", "nummer", "auteur", "melder", "bijlage")  # what says who the source is
PLACES = ("tekst", "titel", "citaat", "reden", "notitie", *SOURCES)
NAMES = "zwnaam"
PASSWORD = "drie woorden op een rij"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asks for every address, with what the policy table knows of them; no actor: not logged in."""

    name: str
    client: Client
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everybody, and a signal of the police in every state."""

    readers: tuple[Reader, ...]
    signals: dict[str, UUID]
    views: dict[str, SignalView]
    now: datetime
    person: Person
    grant: int

    def purpose(self, actor: Actor, state: str) -> Purpose | None:
        """For which purpose the actor may read the signal; None: for none."""
        held = (purpose for purpose in PURPOSES if any(purpose in grant.purposes for grant in actor.grants))
        return next((p for p in held if self.may(actor, Verb.READ, state, p)), None)

    def may(self, actor: Actor, verb: Verb, state: str, purpose: Purpose) -> bool:
        """What the policy table says."""
        return isinstance(may(actor, verb, self.views[state].thing, purpose, self.now), Allowed)

    def reaches(self, actor: Actor, verb: Verb) -> bool:
        """Whether there is anything at all the actor could do this to."""
        return any(visible(actor, self.now, purpose, verb).clauses for purpose in Purpose)

    def forbidden(self, actor: Actor | None) -> tuple[str, ...]:
        """The words that no answer to this reader may hold."""
        words = []
        for state in STATES:
            purpose = None if actor is None else self.purpose(actor, state)
            if actor is None or purpose is None:
                words += [f"zw{state}{place}" for place in PLACES]
            elif state == "protected" and not self.may(actor, Verb.READ_SOURCE, state, purpose):
                words += [f"zw{state}{place}" for place in SOURCES]
        return tuple(words) if actor is not None and actor.service == "politie" else (*words, NAMES)


def make_matrix() -> Matrix:
    """Make the services, the people and the signals."""
    world = make_world(("politie", "nla"))
    people = {f"{role.value} of {service}": person for (service, role), person in world.people.items()}
    people["insider of politie"] = insider()
    for service in ("politie", "nla"):
        can_prove_who_they_are(world.people[service, Role.ADMINISTRATOR])
    for number, person in enumerate(Person.objects.filter(service="politie")):
        Person.objects.filter(pk=person.pk).update(name=f"{NAMES} {number}")
    signals = {state: make_signal(state) for state in STATES}
    clients: dict[Role, Client] = {
        role: browser(world.people["politie", role]) for role in Role if role is not Role.SYSTEM
    }
    for state, key in signals.items():
        done(clients[Role.COORDINATOR], key, Verb.NOTE, words=f"zw{state}notitie staat in een notitie van iemand.")
        attach(state, key, clients[Role.COORDINATOR])
        bring(
            state,
            key,
            clients,
            [str(world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.ADMINISTRATOR)],
        )
    now = datetime.now(UTC)
    readers = [Reader(name, browser(person, proved=False), actor(person, now)) for name, person in people.items()]
    nobody = Reader("nobody", Client(HTTP_HOST="localhost"), None)
    views = {state: view(key) for state, key in signals.items()}
    with working_for(as_system("politie")):
        grant = Grant.objects.get(person=people["analyst of politie"]).pk
    return Matrix((*readers, nobody), signals, views, now, people["analyst of politie"], grant)


def can_prove_who_they_are(person: Person) -> None:
    """Give somebody a password: without one there is nothing to ask again."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])


def insider() -> Person:
    """A detective to whom the compartments of sources are open."""
    with working_for(as_system("politie")):
        person = make_person(Unit.objects.select_related("service").get(code="politie-team"), Role.DETECTIVE)
        Grant.objects.filter(person=person).update(compartments=list(plan().lists[ListName.COMPARTMENTS]))
    return person


def actor(person: Person, now: datetime) -> Actor:
    """Somebody as the policy table knows them."""
    with working_for(as_person(person)):
        return actor_of(as_person(person), now)


def make_signal(state: str) -> UUID:
    """A signal with its words in every place that holds any."""
    word = f"zw{state}"
    text = f"Over {word}tekst: betrokkene zei dat de baas zijn paspoorten heeft."
    plain = received(text=text)
    assert plain.reading is not None
    [hit], [one] = plain.reading.hits, plain.reading.contributions
    quoted = replace(one, quote=f"{word}citaat", sentence_nl=f"{word}citaat", sentence_en=f"{word}citaat")
    read = replace(plain.reading, reason_nl=f"{word}reden", reason_en=f"{word}reden", hits=(hit,))
    return file_one(
        "politie",
        text=text,
        source=f"{word}bron",
        external_id=f"{word}nummer",
        author=f"{word}auteur",
        details={"title": f"{word}titel", "kept": {"onderwerp": f"{word}titel", "melder": f"{word}melder"}},
        compartment=next(iter(plan().lists[ListName.COMPARTMENTS])) if state == "protected" else "",
        reading=replace(read, contributions=(quoted,)),
    )


def attach(state: str, key: UUID, client: Client) -> None:
    """A file whose name and content hold the word; where the source is protected, it shows the source."""
    word = f"zw{state}bijlage"
    file = SimpleUploadedFile(f"{word}.txt", f"{word} staat ook in het bestand.".encode())
    done(client, key, Verb.ATTACH, file=file, origin="Van iemand.", shows_source="on" if state == "protected" else "")


def bring(state: str, key: UUID, clients: dict[Role, Client], circle: list[str]) -> None:
    """Bring a signal into its state, as people would."""
    analyst, weigher = clients[Role.ANALYST], clients[Role.WEIGHER]
    if state == "dismissed":
        done(analyst, key, Verb.DISMISS, reason="explained", words="")
    elif state == "restricted":
        named = {"people": circle, "supervisor": circle[0]}
        done(clients[Role.COORDINATOR], key, Verb.RESTRICT, words=SENTENCE, **named)
    elif state in ("enrichment", "weighing", "closed"):
        done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
        if state != "enrichment":
            enrich(analyst, key)
            done(analyst, key, Verb.SUBMIT, words="")
        if state == "closed":
            done(weigher, key, Verb.WEIGH, **weighing("no-follow-up"), **closing())
            done(clients[Role.COORDINATOR], key, Verb.AGREE, words=SENTENCE)


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the server as name and pattern; those of the login package have no names of ours."""
    for found in get_resolver().url_patterns:
        if isinstance(found, URLResolver) and str(found.pattern) in ("", "api/"):
            for inner in found.url_patterns:
                assert isinstance(inner, URLPattern), inner
                yield inner.name or str(inner.pattern), str(found.pattern) + str(inner.pattern)
        elif isinstance(found, URLPattern):
            yield found.name or str(found.pattern), str(found.pattern)


def login_addresses(under: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every address of the login package that takes no argument."""
    for found in under.url_patterns if under else get_resolver().url_patterns:
        where = before + str(found.pattern).removeprefix("^").removesuffix("$")
        if isinstance(found, URLResolver) and str(found.pattern):
            yield from login_addresses(found, where)
        elif under and isinstance(found, URLPattern) and not set(where) & set("<(?"):
            yield where
