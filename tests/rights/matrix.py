"""The world of the rights matrix: a signal of the police in every state, one of every other unit, and what is right.

Every text of a signal holds a word of its own, `zw` + column + place: found in an answer, it says what leaked. Those of
`KIN` name one phone, so that they are related: what stands beside a signal of the others may hold no such word either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.store.signals import received
from tests.store.world import World, make_person, make_world, plan
from tests.web.people import browser
from tests.web.test_stories import SENTENCE, closing, done, enrich, view, weighing

from seinpost.packs.procedure.terms import ListName, Processing, Purpose, Role, Task, Verb
from seinpost.process.commands import Suppress
from seinpost.process.filing.silence import is_silent_sample
from seinpost.process.people import Actor, Words
from seinpost.process.policy import may, visible
from seinpost.process.shapes import Allowed, Refused, SignalView
from seinpost.store.acting import Acting, actor_of, as_person, as_system, working_for
from seinpost.store.actions.act import Done, act
from seinpost.store.actions.intake import Into, file_batch, file_signal
from seinpost.store.jobs import job_states
from seinpost.store.models import Grant, Import, Person, Service, Signal, Unit
from seinpost.store.queries.scope import PURPOSES

STATES = (
    *("registered", "enrichment", "weighing", "weighed", "pending", "closed", "dismissed", "joined", "paused"),
    *("silent", "restricted", "protected"),
)
ENRICHED = ("weighing", "weighed", "pending", "closed")
SOURCES = ("bron", "nummer", "auteur", "melder", "bijlage")  # what says who the source is
PLACES = ("tekst", "titel", "citaat", "reden", "notitie", *SOURCES)
NAMES = "zwnaam"
ELSEWHERE = {
    "politie-ver": ("politie", Task.POLICE, Processing.WPG_8),
    "politie-vreemdelingen": ("politie", Task.ALIENS, Processing.GDPR),
    "nla-toezicht": ("nla", Task.SUPERVISION, Processing.GDPR),
    "kmar-grens": ("kmar", Task.ALIENS, Processing.GDPR),
}
"""Units beside the first of each service: another one of the same regime, and those of another task and law. In each
works an analyst, whose right is for that unit only.
"""
HOMES = {
    **{"ver": "politie-ver", "vreemdelingen": "politie-vreemdelingen"},
    **{"opsporing": "nla-team", "toezicht": "nla-toezicht", "politietaak": "kmar-team", "grens": "kmar-grens"},
}
"""Signals that came in at other units than the first of the police, by what the matrix calls them."""
COLUMNS = (*STATES, *HOMES)
KIN = ("registered", "joined", "silent", "restricted", "protected", "ver", "vreemdelingen", "toezicht", "politietaak")
MARKS = re.compile(f"zw(?:{'|'.join(COLUMNS)})(?:{'|'.join(PLACES)})|{NAMES}")
PASSWORD = "drie woorden op een rij"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asks for every address, with what the policy table knows of them; no actor: not logged in."""

    name: str
    client: Client
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everybody, and a signal for every column."""

    readers: tuple[Reader, ...]
    signals: dict[str, UUID]
    views: dict[str, SignalView]
    now: datetime
    person: Person
    grant: int
    units: dict[str, tuple[Task, Processing]]

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

    def forbidden(self, actor: Actor | None) -> frozenset[str]:
        """The words that no answer to this reader may hold."""
        words = []
        for state in COLUMNS:
            purpose = None if actor is None else self.purpose(actor, state)
            if actor is None or purpose is None:
                words += [f"zw{state}{place}" for place in PLACES]
            elif state == "protected" and not self.may(actor, Verb.READ_SOURCE, state, purpose):
                words += [f"zw{state}{place}" for place in SOURCES]
        return frozenset(words if actor is not None and actor.service == "politie" else (*words, NAMES))


def make_matrix() -> Matrix:
    """Make the services, the people and the signals."""
    world = make_world()
    people = {f"{role.value} of {service}": person for (service, role), person in world.people.items()}
    people["insider of politie"] = insider()
    people |= {f"analyst of {unit}": elsewhere(unit, *place) for unit, place in ELSEWHERE.items()}
    for service in ("politie", "nla", "kmar"):
        can_prove_who_they_are(world.people[service, Role.ADMINISTRATOR])
    for number, person in enumerate(Person.objects.filter(service="politie")):
        Person.objects.filter(pk=person.pk).update(name=f"{NAMES} {number}")
    signals = make_signals(world, people)
    now = datetime.now(UTC)
    readers = [Reader(name, browser(person, proved=False), actor(person, now)) for name, person in people.items()]
    nobody = Reader("nobody", Client(HTTP_HOST="localhost"), None)
    views = {column: view(key, service_of(column)) for column, key in signals.items()}
    with working_for(as_system("politie")):
        grant = Grant.objects.get(person=people["analyst of politie"]).pk
    units = {unit.pk: (Task(unit.task), Processing(unit.processing)) for unit in Unit.objects.all()}
    assert views["silent"].standing.silent_until, "no rule keeps it silent"
    return Matrix((*readers, nobody), signals, views, now, people["analyst of politie"], grant, units)


def make_signals(world: World, people: dict[str, Person]) -> dict[str, UUID]:
    """A signal for every column, with a note and a file if people touched it, brought into its state."""
    signals = {column: make_signal(column) for column in COLUMNS if column != "silent"}
    signals["silent"] = make_silent(world.acting(Role.COORDINATOR), signals["registered"])
    clients: dict[Role, Client] = {
        role: browser(world.people["politie", role]) for role in Role if role is not Role.SYSTEM
    }
    circle = [str(world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    for column, key in signals.items():
        if column == "silent":  # whatever is done with it ends its silence
            continue
        unit = HOMES.get(column, "").removesuffix("-team")
        writer = browser(people[f"analyst of {unit}"]) if unit else clients[Role.COORDINATOR]
        done(writer, key, Verb.NOTE, words=f"zw{column}notitie staat in een notitie van iemand.")
        attach(column, key, writer)
        bring(column, key, clients, circle)
    done(clients[Role.ANALYST], signals["joined"], Verb.JOIN, other=number_of(signals["enrichment"]), words="")
    return {column: signals[column] for column in COLUMNS}


def service_of(column: str) -> str:
    """The service of a column's signal."""
    return HOMES.get(column, "politie-team").partition("-")[0]


def beside(column: str) -> str:
    """The column of the signal that one is looked at beside: another of its service."""
    pairs = {"registered": "enrichment", "opsporing": "toezicht", "toezicht": "opsporing"}
    return {**pairs, "politietaak": "grens", "grens": "politietaak"}.get(column, "registered")


def as_well_as_the_jobs(_matrix: Matrix, _actor: Actor, _state: str) -> int:
    """No worker runs beside the tests: a suite that takes long enough finds its jobs late."""
    return 200 if all(job.well for job in job_states(datetime.now(UTC))) else 503


def ask(reader: Reader, method: str, address: str, data: dict[str, str]) -> HttpResponseBase:
    answer: HttpResponseBase = reader.client.get(address) if method == "GET" else reader.client.post(address, data)
    return answer


def said(answer: HttpResponseBase) -> str:
    """All that an answer says: head, cookies and body."""
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return f"{answer.headers}\n{answer.cookies}\n{body.decode()}".lower()


def shown(text: str) -> set[str]:
    """The words of signals, and of people, that a text holds."""
    return set(MARKS.findall(text)) if "zw" in text else set()


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


def elsewhere(code: str, service: str, task: Task, processing: Processing) -> Person:
    """An analyst of a unit of their own, with a right for that unit, task and regime only."""
    row, kind = Service.objects.get(pk=service), {"task": task.value, "processing": processing.value}
    unit = Unit.objects.create(code=code, service=row, name_nl=code, name_en=code, **kind)
    with working_for(as_system(service)):
        person = make_person(unit, Role.ANALYST)
        Grant.objects.filter(person=person).update(units=[unit.pk])
    return person


def actor(person: Person, now: datetime) -> Actor:
    """Somebody as the policy table knows them."""
    with working_for(as_person(person)):
        return actor_of(as_person(person), now)


def make_signal(column: str) -> UUID:
    """The signal of a column at its unit, with its words in every place that holds any."""
    now, code = datetime.now(UTC), HOMES.get(column, "politie-team")
    unit = Unit.objects.select_related("service").get(code=code)
    item = received(**worded(column), received_at=now - timedelta(hours=1))
    made = file_signal(acting=as_system(unit.service_id), into=Into(unit), item=item, now=now, plan=plan())
    assert not isinstance(made, Refused), made
    return made.signal


def worded(state: str) -> dict[str, Any]:
    """A registration with the words of a state in every place that holds any."""
    word = f"zw{state}"
    text = f"Over {word}tekst: betrokkene zei dat de baas zijn paspoorten heeft."
    text += " Bereikbaar op 06-12345678." if state in KIN else ""
    plain = received(text=text)
    assert plain.reading is not None
    [hit], [one] = plain.reading.hits, plain.reading.contributions
    quoted = replace(one, quote=f"{word}citaat", sentence_nl=f"{word}citaat", sentence_en=f"{word}citaat")
    read = replace(plain.reading, reason_nl=f"{word}reden", reason_en=f"{word}reden", hits=(hit,))
    return {
        "text": text,
        "source": f"{word}bron",
        "external_id": f"{word}nummer",
        "author": f"{word}auteur",
        "details": {"title": f"{word}titel", "kept": {"onderwerp": f"{word}titel", "melder": f"{word}melder"}},
        "compartment": next(iter(plan().lists[ListName.COMPARTMENTS])) if state == "protected" else "",
        "reading": replace(read, contributions=(quoted,)),
    }


def make_silent(coordinator: Acting, at: UUID) -> UUID:
    """A signal that a silent rule keeps out of the queue: it rests on the rule, names the phone, and is no sample."""
    now, rule = datetime.now(UTC), "AFH-01"
    words, until = Words("Een nummer van de opvang, van velen."), now.date() + timedelta(days=30)
    hush = Suppress(rule=rule, entity="phone:+31612345678", reason="shared-address", until=until, words=words)
    done_so = act(acting=coordinator, signal=at, ask=hush, now=now, plan=plan())
    assert isinstance(done_so, Done), done_so
    plain = worded("silent")
    texts = (f"Melding {number}. {plain['text']}" for number in range(100))
    tried = (received(**{**plain, "text": text, "received_at": now}) for text in texts)
    item = next(one for one in tried if not is_silent_sample(one.digest, plan()))
    assert item.reading is not None
    weighs = [replace(item.reading.contributions[0], rule=r, weight=w) for r, w in ((rule, 2.0), ("AFH-02", 1.0))]
    quiet = replace(item, reading=replace(item.reading, layer="C", hits=(), contributions=tuple(weighs)))
    unit = Unit.objects.select_related("service").get(code="politie-team")
    with working_for(as_system("politie")):
        batch = Import.objects.create(
            service_id="politie", unit=unit, source="bvh", digest="5" * 64, pack="nl", received=1, not_kept=0, failed=0,
            started_at=now,
        )  # fmt: skip
    file_batch(acting=as_system("politie"), batch=batch.pk, into=Into(unit), items=[quiet], now=now, plan=plan())
    with working_for(as_system("politie"), reach="all"):
        return Signal.objects.get(external_id="zwsilentnummer").pk


def number_of(key: UUID) -> str:
    """The number of a signal, as one types it."""
    with working_for(as_system("politie"), reach="all"):
        return f"P-{Signal.objects.get(pk=key).number:06d}"


def attach(state: str, key: UUID, client: Client) -> None:
    """A file whose name and content hold the word; where the source is protected, it shows the source."""
    word = f"zw{state}bijlage"
    file = SimpleUploadedFile(f"{word}.txt", f"{word} staat ook in het bestand.".encode())
    done(client, key, Verb.ATTACH, file=file, origin="Van iemand.", shows_source="on" if state == "protected" else "")


def bring(state: str, key: UUID, clients: dict[Role, Client], circle: list[str]) -> None:
    """Bring a signal into its state, as people would."""
    analyst = clients[Role.ANALYST]
    if state == "dismissed":
        done(analyst, key, Verb.DISMISS, reason="explained", words="")
    elif state == "restricted":
        named = {"people": circle, "supervisor": circle[0]}
        done(clients[Role.COORDINATOR], key, Verb.RESTRICT, words=SENTENCE, **named)
    elif state in ("enrichment", "paused", *ENRICHED):
        done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
        if state == "paused":
            until = datetime.now(UTC).date() + timedelta(days=5)
            done(analyst, key, Verb.PAUSE, reason="waiting-author", until=until, words=SENTENCE)
        if state in ENRICHED:
            weigh(state, key, clients)


def weigh(state: str, key: UUID, clients: dict[Role, Client]) -> None:
    """Bring an enriched signal into its state."""
    analyst, weigher = clients[Role.ANALYST], clients[Role.WEIGHER]
    if state == "weighed":  # a minor waits for no enrichment
        done(analyst, key, Verb.MARK_URGENT, minor="on", words=SENTENCE)
    else:
        enrich(analyst, key)
    done(analyst, key, Verb.SUBMIT, words="")
    if state == "weighed":
        done(weigher, key, Verb.WEIGH, **weighing("talk-first"))
    if state in ("pending", "closed"):
        done(weigher, key, Verb.WEIGH, **weighing("no-follow-up"), **closing())
    if state == "closed":
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
