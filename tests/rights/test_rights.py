"""Who gets what: every address x method x reader x state of a signal, against the policy table.

The addresses come from the URLconf: one that has no row here fails the test. The status must be what `process.policy`
says, and no answer may hold a word of a signal that its reader may not read.

The columns are a signal of the police in every state and one of every other unit. Not every cell is asked, but always
the same ones: for each reader, address and method one column for every answer that the policy gives there, in turn, and
of the reader's own service every fourth for pages of signals, every twelfth for verbs. What is no method of an address
is asked by every fourth reader. At signals of another service, and elsewhere than at the police at all, GET and POST
take turns; and there, but for analysts, the two services take turns with the addresses. So each pair of reader (there:
role) and row, row and column, reader and column is there: a test counts them. `SEINPOST_WHOLE_MATRIX=1` asks all.
"""

from __future__ import annotations

import logging
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import reverse
from tests.database import fresh
from tests.rights import matrix as world
from tests.rights.matrix import (
    COLUMNS,
    HOMES,
    PLACES,
    STATES,
    Matrix,
    Reader,
    addresses,
    ask,
    beside,
    said,
    service_of,
    shown,
)
from tests.rights.turns import METHODS, WRONG_METHOD, in_turn
from tests.web.people import browser

from seinpost.packs.procedure.terms import Purpose, Role, Verb
from seinpost.process.people import Actor, Thing
from seinpost.process.policy import may, visible
from seinpost.process.shapes import Allowed
from seinpost.store.models import Person
from seinpost.web.forms.all import FORMS
from seinpost.web.proof import DANGEROUS
from seinpost.web.views.queue import purpose_of

WHOLE = os.environ.get("SEINPOST_WHOLE_MATRIX") == "1"
TOO_LONG = "x" * 10_001  # no form takes it: a form that is open is asked, and nothing changes
LOGIN = -302
WATCHING = (Verb.MANAGE_PEOPLE, Verb.READ_LOG)
Status = Callable[[Matrix, Actor, str], int]
"""The status by the policy table for somebody who is logged in, for a signal in a state."""


def always(status: int) -> Status:
    """The same for everybody who is logged in."""
    return lambda _matrix, _actor, _state: status


def where(verb: Verb, status: int) -> Status:
    """A page that exists for those only who could do the verb to anything."""
    return lambda matrix, actor, _state: status if matrix.reaches(actor, verb) else 404


def coordinates(matrix: Matrix, actor: Actor, _state: str) -> int:
    """A page of who may count the work of a unit in order to coordinate it."""
    return 200 if visible(actor, matrix.now, Purpose.COORDINATION, Verb.COUNT).clauses else 404


def overseeing(status: int) -> Status:
    """A page for whoever manages people or reads the logs."""
    return lambda matrix, actor, state: min(where(v, status)(matrix, actor, state) for v in WATCHING)


def of_service(inner: Status) -> Status:
    """For somebody of another service a signal does not exist."""
    return lambda matrix, actor, state: inner(matrix, actor, state) if actor.service == service_of(state) else 404


def reads(status: int) -> Status:
    """A page of a signal."""
    return of_service(lambda matrix, actor, state: status if matrix.purpose(actor, state) else 403)


def reads_both(status: int) -> Status:
    """A page of two signals: this one, and the one of `beside`."""

    def found(matrix: Matrix, actor: Actor, state: str) -> int:
        return status if matrix.purpose(actor, state) and matrix.purpose(actor, beside(state)) else 403

    return of_service(found)


def does(verb: Verb, status: int) -> Status:
    """A verb on a signal, for the purpose for which the reader opened it."""

    def found(matrix: Matrix, actor: Actor, state: str) -> int:
        purpose = matrix.purpose(actor, state)
        return status if purpose and matrix.may(actor, verb, state, purpose) else 403

    return of_service(found)


def fetches(status: int) -> Status:
    """An attachment; one that shows a protected source only for who may know it."""

    def found(matrix: Matrix, actor: Actor, state: str) -> int:
        purpose = matrix.purpose(actor, state)
        if purpose is None or not matrix.may(actor, Verb.DOWNLOAD, state, purpose):
            return 403
        if state == "silent":  # nothing was done with it yet
            return 404
        hidden = state == "protected" and not matrix.may(actor, Verb.READ_SOURCE, state, purpose)
        return 403 if hidden else status

    return of_service(found)


def breaks(status: int) -> Status:
    """Emergency access."""
    verb, purpose = Verb.BREAK_GLASS, Purpose.EMERGENCY
    return of_service(lambda matrix, actor, state: status if matrix.may(actor, verb, state, purpose) else 403)


def files(status: int) -> Status:
    """Filing a signal for one's own unit."""

    def found(matrix: Matrix, actor: Actor, _state: str) -> int:
        thing = Thing(actor.service, actor.unit, *matrix.units[actor.unit])
        return status if isinstance(may(actor, Verb.FILE, thing, purpose_of(actor), matrix.now), Allowed) else 403

    return lambda matrix, actor, state: found(matrix, actor, state) if actor.service else status


# name -> status of GET and of POST with `DATA`; a redirect that shows no page of its own is 302
ROWS: dict[str, tuple[Status, Status]] = {
    "healthz": (world.as_well_as_the_jobs, world.as_well_as_the_jobs),
    # machines: whoever is logged in is none, and without a key there is nothing to read but what the API is like
    "api-push": (always(405), always(401)),
    "api-import": (always(401), always(405)),
    "api-schema": (always(200), always(405)),
    "api-docs": (always(200), always(405)),
    "api-nowhere": (always(404), always(404)),
    "readyz": (always(200), always(200)),
    "today": (lambda m, a, _s: 200 if m.reaches(a, Verb.SEARCH) else 302, always(405)),
    "notices": (always(405), always(302)),
    "search": (where(Verb.SEARCH, 200), always(405)),
    "search-keep": (always(405), always(302)),
    "preferences": (always(405), always(302)),
    "mail-settings": (always(200), always(422)),  # no hour is filled in
    "work": (where(Verb.MANAGE_PEOPLE, 200), always(405)),
    "conduct": (always(200), always(200)),
    "queue": (where(Verb.SEARCH, 200), always(405)),
    "take-next": (always(405), where(Verb.TAKE, 302)),
    "queue-together": (always(405), always(302)),  # nothing is ticked: back to the queue
    "queue-deal": (always(405), where(Verb.ASSIGN, 302)),
    "queue-keep": (always(405), always(302)),
    "queue-saved": (always(405), always(404)),
    "signal": (reads(200), always(405)),
    "signal-enrich": (reads(200), always(405)),
    "signal-weigh": (reads(200), always(405)),
    "signal-tasks": (reads(200), always(405)),
    "signal-history": (reads(200), always(405)),
    "signal-scan": (reads(200), always(405)),
    "signal-versions": (reads(200), always(405)),
    "signal-beside": (reads_both(200), always(405)),
    "signal-attachments": (reads(200), always(405)),
    "signal-attachment": (fetches(200), always(405)),
    "signal-decide": (always(405), does(Verb.TAKE, 302)),
    "glass-break": (breaks(302), breaks(302)),  # first: prove who you are
    "signal-source": (does(Verb.READ_SOURCE, 302), always(405)),
    "account": (always(200), always(405)),
    "factor-start": (always(200), always(405)),
    "session-end": (always(405), always(302)),
    "sessions-end": (always(405), always(302)),
    "held": (always(302), always(302)),  # nothing waits
    "prove-elsewhere": (always(200), always(405)),
    "here": (always(405), always(204)),
    **{f"closed-{what}": (always(404), always(404)) for what in ("signup", "email", "connections")},
    **{f"ours-{what}": (always(302), always(302)) for what in ("factors", "keys", "sessions")},
    "guarantee": (where(Verb.COUNT, 200), always(405)),
    "drift": (where(Verb.COUNT, 200), always(405)),
    "caseload": (coordinates, always(405)),
    "view-log": (where(Verb.READ_LOG, 200), always(405)),
    "records": (where(Verb.READ_LOG, 200), always(405)),
    "glass": (where(Verb.REVIEW_GLASS, 200), always(405)),
    "silence": (where(Verb.SEARCH, 200), always(405)),  # only of signals that the reader may read
    "silence-end": (always(405), always(302)),
    "filing": (files(200), always(405)),
    "filing-begin": (always(405), files(302)),
    "filing-sheet": (always(200), always(405)),
    "filing-summary": (always(404), always(405)),  # of nobody's draft
    "filing-file": (always(405), always(404)),
    "filing-attach": (always(405), always(404)),
    "filing-detach": (always(405), always(404)),
    "filing-drop": (always(405), always(404)),
    "filing-question": (always(404), always(404)),
    "people": (where(Verb.MANAGE_PEOPLE, 200), always(405)),
    "person": (lambda m, a, s: where(Verb.MANAGE_PEOPLE, 200 if a.service == "politie" else 404)(m, a, s), always(405)),
    **{
        f"person-{what}": (where(Verb.MANAGE_PEOPLE, 302), where(Verb.MANAGE_PEOPLE, 302))  # first: prove who you are
        for what in ("new", "right", "right-end", "training", "leave", "factor", "sessions", "unlock")
    },
    "rights": (overseeing(200), always(405)),
    "right-answer": (overseeing(302), overseeing(302)),  # first: prove who you are
    "right-withdraw": (where(Verb.MANAGE_PEOPLE, 302), where(Verb.MANAGE_PEOPLE, 302)),
    "keys": (where(Verb.MANAGE_PEOPLE, 200), always(405)),
    **{
        f"key-{what}": (where(Verb.MANAGE_PEOPLE, 302), where(Verb.MANAGE_PEOPLE, 302))
        for what in ("new", "renew", "end")
    },
    "glass-review": (
        always(405),
        of_service(where(Verb.REVIEW_GLASS, 302)),
    ),
}
ROWS |= {f"signal-act {verb.value}": (does(verb, 200), does(verb, 200)) for verb in FORMS}
ROWS |= {  # first: prove who you are
    f"signal-act {row.verb.value}": (does(row.verb, 302), does(row.verb, 302)) for row in DANGEROUS if row.verb
}
NOBODY, PARTS = Actor("", "", ""), 4  # in parts, so that no core waits for the other at the end
DATA = {
    "signal-decide": {"choice": "take"},
    "glass-review": {"person": "", "since": "2026-01-01T00:00:00+00:00", "words": ""},
}
MACHINES = frozenset(("api-push", "api-import", "api-schema", "api-docs", "api-nowhere"))
OPEN = MACHINES | {"healthz", "readyz", *(row for row in ROWS if row.startswith(("closed-", "ours-")))}
QUESTIONS = {"search": ("?q=zw", "?q=zwprotectednummer", "?q=paspoorten"), "queue": ("", "?weergave=kaarten")}


@pytest.fixture(scope="module")
def matrix(instance: Any) -> Iterator[Matrix]:
    with fresh(instance), override_settings(PROOF_SECONDS=7200):  # a proof must outlive the matrix on a slow machine
        logging.disable(logging.WARNING)  # thousands of refusals
        yield world.make_matrix()
        logging.disable(logging.NOTSET)


def cells(matrix: Matrix) -> Iterator[tuple[str, str, str]]:
    """Every address with its row and the state of the signal it is about."""
    for name, pattern in addresses():
        if "<" not in pattern:
            yield name, reverse(name), ""
        elif name.startswith("person"):
            yield name, reverse(name, args=[matrix.person.pk, matrix.grant][: pattern.count("<")]), ""
            continue
        elif name.startswith("filing"):
            second = 1 if "<int" in pattern else "danger"
            yield name, reverse(name, args=[uuid4(), second][: pattern.count("<")]), ""
            continue
        elif name in ("queue-saved", "session-end", "right-answer", "right-withdraw"):
            yield name, reverse(name, args=[1]), ""
            continue
        elif name in MACHINES or name.startswith("key-"):
            yield name, reverse(name, args=[uuid4()]), ""
            continue
        for state, key in matrix.signals.items() if "<" in pattern else ():
            if name == "signal-act":
                for verb in FORMS:
                    yield f"{name} {verb.value}", reverse(name, args=[key, verb.value]), state
            else:
                args = [matrix.signals[beside(state)], key] if name == "signal-beside" else [key, 1]
                yield name, reverse(name, args=args[: pattern.count("<")]), state


def asked(matrix: Matrix, reader: Reader) -> Iterator[tuple[str, str, str, str]]:
    """What one reader asks: row, method, address and column."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row, address, column in cells(matrix):
        found[row][column] = address
    number = matrix.readers.index(reader)
    for row, to in found.items():  # in the order of addresses: what is held is asked for before anything is
        turn, verb = number + list(ROWS).index(row), row.startswith("signal-act")
        status = {
            (method, column): expected(matrix, reader, row, method, column) for method in METHODS for column in to
        }
        for method, column in status if WHOLE else in_turn(reader, number, turn, verb, status):
            yield row, method, to[column], column


def expected(matrix: Matrix, reader: Reader, row: str, method: str, state: str) -> int:
    status = ROWS[row][method == "POST"]
    if reader.actor is not None:
        found = status(matrix, reader.actor, state)
        proof = row == "signal-attachment" and state == "protected" and found == 200  # nobody here proved who they are
        return 302 if proof else found
    if row in OPEN or (row, method) == ("preferences", "POST"):
        return status(matrix, NOBODY, state)
    return WRONG_METHOD if status(matrix, NOBODY, state) == WRONG_METHOD else LOGIN


def test_every_address_has_a_row_and_every_row_an_address(matrix: Matrix) -> None:
    assert {row for row, _, _ in cells(matrix)} == set(ROWS)


def test_what_is_asked_holds_every_pair(matrix: Matrix) -> None:
    rows = {row for row, _, column in cells(matrix) if column}
    pairs: dict[str, set[tuple[str, str]]] = {"reader, row": set(), "row, column": set(), "reader, column": set()}
    for reader in matrix.readers:
        for row, method, _, column in asked(matrix, reader):
            if column and expected(matrix, reader, row, method, column) != WRONG_METHOD:
                pairs["reader, row"].add((reader.name, row))
                pairs["reader, column"].add((reader.name, column))
                if reader.actor is not None and reader.actor.service == service_of(column):
                    pairs["row, column"].add((row, column))
    far = {reader.name for reader in matrix.readers if reader.name.endswith((" of nla", " of kmar"))}
    near = {reader.name for reader in matrix.readers} - far
    assert pairs["reader, row"] >= set(product(near, rows))
    elsewhere = {(name.partition(" ")[0], row) for name, row in pairs["reader, row"] if name in far}
    assert elsewhere == set(product({role.value for role in Role} - {"system"}, rows))
    assert pairs["reader, column"] == set(product(near | far, COLUMNS))
    assert pairs["row, column"] == set(product(rows, COLUMNS)), "by somebody of its service"


def test_the_markers_are_where_they_should_be(matrix: Matrix) -> None:
    nowhere = {"restricted": list(PLACES), "silent": ["notitie", "bijlage"]}
    reader = next(one for one in matrix.readers if one.name == "insider of politie")
    assert reader.actor is not None
    reader = replace(reader, client=browser(Person.objects.get(pk=reader.actor.id)))  # a source is shown after proof
    for state in STATES:
        key, seen = matrix.signals[state], ""
        for name in ("signal", "signal-history", "queue"):
            seen += said(ask(reader, "GET", reverse(name, args=[key] if name != "queue" else []), {}))
        assert [place for place in PLACES if f"zw{state}{place}" not in seen] == nowhere.get(state, []), state
    for column, unit in HOMES.items():
        at_home = next(r for r in matrix.readers if r.name == f"analyst of {unit.removesuffix('-team')}")
        for name in ("signal", "signal-history"):
            seen += said(ask(at_home, "GET", reverse(name, args=[matrix.signals[column]]), {}))
        assert [place for place in PLACES if f"zw{column}{place}" not in seen] == [], column


@pytest.mark.long(90)
@pytest.mark.parametrize("part", range(PARTS))
def test_status_is_what_the_policy_says_and_nothing_leaks(matrix: Matrix, part: int) -> None:
    wrong, leaks = [], []
    for reader in matrix.readers[part::PARTS]:
        words = matrix.forbidden(reader.actor)
        for row, method, address, state in asked(matrix, reader):
            data = DATA.get(row, {"words": TOO_LONG} if row.startswith("signal-act") else {"words": ""})
            answer = ask(reader, method, address, data)
            wanted, got = expected(matrix, reader, row, method, state), answer.status_code
            to_login = got == 302 and answer.headers["Location"].startswith(reverse("account_login"))
            if (LOGIN if to_login else got) != wanted:
                wrong.append(f"{reader.name} {method} {row} {state}: {got}, by the policy {wanted}")
            text = said(answer)
            if row == "view-log":  # tells what the service's own people asked for, whatever they typed
                text = text.replace("zwprotectednummer", "")
            leaks += [f"{reader.name} {method} {row} {state}: {word}" for word in words & shown(text)]
    assert not wrong + leaks, "\n".join(wrong + leaks)


def test_no_question_shows_a_word_of_what_may_not_be_read(matrix: Matrix) -> None:
    """Lists and searches, and the addresses of the login package."""
    leaks = []
    for reader in matrix.readers:
        asked = [reverse(name) + question for name, questions in QUESTIONS.items() for question in questions]
        for address in (*asked, *world.login_addresses()):
            answer = ask(reader, "GET", address, {})
            assert answer.status_code < 500
            text = said(answer).replace(address.partition("=")[2] or "\0", "")  # the question itself is shown again
            leaks += [f"{reader.name} {address}: {word}" for word in matrix.forbidden(reader.actor) & shown(text)]
        picked = {"verb": "note", "signal": [str(key) for key in matrix.signals.values()]}
        text = said(reader.client.post(reverse("queue-together"), picked))
        leaks += [f"{reader.name} several at once: {word}" for word in matrix.forbidden(reader.actor) & shown(text)]
    assert not leaks, "\n".join(leaks)


def test_the_number_at_a_protected_source_finds_nothing_for_who_may_not_know_it(matrix: Matrix) -> None:
    link, found = reverse("signal", args=[matrix.signals["protected"]]), {}
    for reader in matrix.readers:
        if reader.name in ("insider of politie", "detective of politie", "weigher of politie"):
            answer = ask(reader, "GET", reverse("search") + "?q=zwprotectednummer", {})
            found[reader.name.split()[0]] = link in said(answer)
    assert found == {"insider": True, "detective": False, "weigher": False}


def test_a_refusal_says_why_and_a_signal_that_is_not_there_looks_like_one_of_another_service(matrix: Matrix) -> None:
    administrator, outsider = (
        next(reader for reader in matrix.readers if reader.name == f"{role.value} of {service}")
        for role, service in ((Role.ADMINISTRATOR, "politie"), (Role.ANALYST, "nla"))
    )
    refused = ask(administrator, "GET", reverse("signal", args=[matrix.signals["registered"]]), {})
    assert "uw rechten staan dit niet toe" in said(refused)
    ask(outsider, "GET", reverse("signal", args=[uuid4()]), {})  # tells what an earlier test left to be told
    for row in ("signal", "signal-history", "glass-break"):
        there = ask(outsider, "GET", reverse(row, args=[matrix.signals["registered"]]), {})
        nowhere = ask(outsider, "GET", reverse(row, args=[uuid4()]), {})
        pages = [re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", one.content) for one in (there, nowhere)]  # type: ignore[attr-defined]
        assert there.status_code == nowhere.status_code
        assert pages[0] == pages[1]
