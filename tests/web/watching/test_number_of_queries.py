"""No page costs more queries when there is more on it: each is counted with one of everything, then with two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.process.filing.test_kinds import PDF
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office
from tests.web.signals.test_folded import hard
from tests.web.test_stories import SENTENCE, done, view, weighing

from seinpost.packs.procedure.terms import ListName, Role, Verb
from seinpost.process.shapes import Urgency
from seinpost.process.verbs.case import steps_of
from seinpost.store.models import Import, ImportFault, Unit

TEXT = "Het meisje van 15 had seks tegen betaling. Zij wil geen aangifte. Bel 06-12345678."
LINE = 100  # characters, about those of a line
PARTS = ("signal", "signal-enrich", "signal-weigh", "signal-tasks", "signal-attachments", "signal-history")
LISTS = {
    "queue": Role.ANALYST,
    "today": Role.ANALYST,
    "guarantee": Role.COORDINATOR,
    "drift": Role.COORDINATOR,
    "silence": Role.COORDINATOR,
    "view-log": Role.PRIVACY_OFFICER,
    "glass": Role.PRIVACY_OFFICER,
}


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


class Desk:
    """The office with everybody at work; `more` adds one of everything that a page can show."""

    def __init__(self, office: Office) -> None:
        self.office, self.key = office, file_one("politie", urgency=Urgency(minor=True))
        self.clients = {role: office.client(role) for role in Role if ("politie", role) in office.world.people}
        self.forms = iter(("ARB", "SEKS", "CRIM"))
        done(self.clients[Role.ANALYST], self.key, Verb.CONFIRM, forms=["ARB"], words="")

    def person(self, role: Role) -> str:
        return str(self.office.world.people["politie", role].pk)

    def more(self) -> None:
        """One more of everything: words, tasks and files of the signal, and signals that name the same phone."""
        analyst, coordinator = self.clients[Role.ANALYST], self.clients[Role.COORDINATOR]
        done(analyst, self.key, Verb.NOTE, words=SENTENCE)
        step = next(one for one in steps_of(view(self.key), plan()) if one.results is not ListName.COMPETENCE)
        look = {"step": step.code, "system": step.systems[0], "result": "nothing", "grade": "official"}
        done(analyst, self.key, Verb.LOOK_UP, words=SENTENCE, **look)
        task = {"kind": "call-somebody", "by": self.person(Role.ANALYST), "due": date.today().isoformat()}
        done(analyst, self.key, Verb.ADD_TASK, words=SENTENCE, **task)
        proof = SimpleUploadedFile("a.pdf", PDF + uuid4().bytes)
        done(analyst, self.key, Verb.ATTACH, file=proof, origin="Van de buurvrouw.")
        done(analyst, self.key, Verb.CORRECT, text=f"Bel 06-12345678. {uuid4()}", words="Hersteld na bellen.")
        done(analyst, self.key, Verb.SUBMIT, words="")
        done(self.clients[Role.WEIGHER], self.key, Verb.WEIGH, **weighing("more-enrichment"))
        mine, dismissed, restricted = hard(f"{TEXT} {uuid4()}"), file_one("politie"), file_one("politie")
        until = date.today() + timedelta(days=30)
        rule = {"rule": "GED-05", "entity": "phone:+31612345678", "reason": "shared-address", "until": until}
        done(coordinator, mine, Verb.SUPPRESS, words=SENTENCE, **rule)
        analyst.post(reverse("signal-decide", args=[mine]), {"choice": "take"})
        done(analyst, dismissed, Verb.DISMISS, reason="explained", words="")
        named = [self.person(Role.COORDINATOR), self.person(Role.WEIGHER)]
        done(coordinator, restricted, Verb.RESTRICT, people=named, supervisor=named[0], words=SENTENCE)
        self.clients[Role.DETECTIVE].post(reverse("glass-break", args=[restricted]), {"words": SENTENCE})
        done(coordinator, mine, Verb.ASSIGN, unit="politie-team", person=self.person(Role.ANALYST), words=SENTENCE)
        self.weighed(file_one("politie", urgency=Urgency(minor=True)), next(self.forms))
        self.imported()
        self.orphan(file_one("politie"))

    def weighed(self, key: UUID, form: str) -> None:
        """Weigh a signal about a minor, which need not be enriched first."""
        analyst, weigher = self.clients[Role.ANALYST], self.clients[Role.WEIGHER]
        done(analyst, key, Verb.CONFIRM, forms=[form], words="")
        done(analyst, key, Verb.SUBMIT, words="")
        done(weigher, key, Verb.WEIGH, **weighing("administrative-route"))

    def imported(self) -> None:
        """An import of which a row could not be read."""
        unit, now = Unit.objects.using("owner").get(code="politie-team"), datetime.now(UTC)
        batch = Import.objects.using("owner").create(
            service_id="politie", unit=unit, source="bvh", digest=uuid4().hex * 2, pack="nl", received=1, not_kept=0,
            failed=1, started_at=now, finished_at=now,
        )  # fmt: skip
        fault = {"service_id": "politie", "batch": batch, "place": "day.jsonl line 1", "problem": "wrong_type text"}
        ImportFault.objects.using("owner").create(**fault)

    def orphan(self, key: UUID) -> None:
        """A signal whose row says another date than its events."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE store_signal SET very_late = very_late + interval '9 day', "
                           "due = due + interval '1 day' WHERE id = %s", [key])  # fmt: skip

    def counted(self) -> dict[str, tuple[int, int]]:
        """Of every page how many queries it takes, and how long it is."""
        places = [(Role.WEIGHER, reverse(name, args=[self.key])) for name in PARTS]
        places += [(role, reverse(name)) for name, role in LISTS.items()]
        places += [(Role.ANALYST, reverse("queue", query={"alles": "ja", "baan": "alle"}))]
        places += [(Role.ANALYST, reverse("search", query={"q": "aangifte"}))]
        places += [(Role.ANALYST, reverse("search", query={"q": "0612345678"}))]
        places += [(Role.ANALYST, reverse("signal-act", args=[self.key, Verb.SUBMIT.value]))]
        return {address: cost(self.clients[role], address) for role, address in places}


def cost(client: Client, address: str) -> tuple[int, int]:
    """The queries of a page that was opened before, and how many characters it has."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    return len(queries), len(page)


def test_with_more_of_everything_a_page_takes_as_many_queries(office: Office) -> None:
    desk = Desk(office)
    desk.more()
    one = desk.counted()
    desk.more()
    two = desk.counted()
    assert {address: queries for address, (queries, _) in one.items()} == {
        address: queries for address, (queries, _) in two.items()
    }
    same = [address for address in one if two[address][1] < one[address][1] + LINE]
    assert not same, "a page on which nothing was added proves nothing"
