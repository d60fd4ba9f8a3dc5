"""What a person saw is kept with their decision: sealed in the form, new things shown first, made again years later."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.store.world import plan
from tests.web.people import Office, file_one, open_office, prove
from tests.web.test_stories import SEEN, SENTENCE, closing, do, done, enrich, view, weighing

from seinpost.packs.procedure.terms import ListName, Phase, Role, Verb
from seinpost.process.codec import sealed, sight_from_plain, sight_to_plain
from seinpost.process.events import Event
from seinpost.process.fold import DECISIONS
from seinpost.process.shapes import Sight
from seinpost.process.verbs.case import steps_of
from seinpost.store.acting import as_system, working_for
from seinpost.store.log import history
from seinpost.store.models import CaseEvent, Person, TextVersion
from seinpost.web.proof import HELD

AGAIN = "Er is iets bijgekomen sinds u dit opende"


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def events(key: UUID) -> tuple[Event, ...]:
    with working_for(as_system("politie"), reach="all"):
        return history(key)


def opened(client: Client, key: UUID, verb: Verb) -> str:
    """Open the form of a decision; what it says was shown."""
    found = SEEN.search(client.get(reverse("signal-act", args=[key, verb.value])).content.decode())
    assert found, verb
    return found[1]


def send(client: Client, key: UUID, verb: Verb, **data: object) -> HttpResponse:
    answer = client.post(reverse("signal-act", args=[key, verb.value]), data)
    assert isinstance(answer, HttpResponse)
    return answer


def test_every_decision_of_a_whole_life_keeps_what_its_maker_saw_and_it_can_be_made_again(office: Office) -> None:
    analyst, weigher, coordinator = (office.client(r) for r in (Role.ANALYST, Role.WEIGHER, Role.COORDINATOR))
    key, second = office.signal, file_one("politie", text="Ander verhaal. Gebeld door 0612345678 over werk.")
    done(analyst, key, Verb.UNSURE, words="")
    done(analyst, key, Verb.POSTPONE, until=date.today() + timedelta(days=5), words=SENTENCE)
    done(analyst, key, Verb.CORRECT, text="Het ging om twee paspoorten. Bel 0612345678.", words="Hersteld na bellen.")
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    enrich(analyst, key)
    done(analyst, key, Verb.SUBMIT, words="")
    done(weigher, key, Verb.WEIGH, **weighing("no-follow-up"), **closing())
    done(coordinator, key, Verb.DISAGREE, words=SENTENCE)
    done(weigher, key, Verb.WEIGH, **weighing("administrative-route"))
    done(weigher, key, Verb.CLOSE, **closing())
    done(coordinator, key, Verb.AGREE, words=SENTENCE)
    decided = [event for event in events(key) if isinstance(event.fact, DECISIONS)]
    assert len(decided) == 9
    for event in decided:
        assert event.seen is not None, event.verb
        assert event.seen.events == events(key).index(event)
        assert event.seen.related == (str(second),)
        assert event.seen.version == (1 if event.verb in (Verb.UNSURE, Verb.POSTPONE) else 2)
        assert sealed(event.seen).digest == event.seen.digest
    assert view(key).weighings[-1].seen == next(e.seen.digest for e in decided[::-1] if e.verb is Verb.WEIGH and e.seen)
    stored = CaseEvent.objects.using("owner").filter(kind="confirmed").get().body
    assert "paspoort" not in stored, "references, not words"
    page = analyst.get(reverse("signal-history", args=[key])).content.decode()
    assert page.count("nagerekend: klopt") == 9
    assert "wijkt af" not in page
    assert "laag A, samen 3.5 uit 1 bijdragen, pakket nl 1.0" in page


@pytest.mark.parametrize("what", ["note", "text", "file", "look-up", "related"])
def test_what_came_after_the_page_was_opened_is_shown_before_the_decision_is_taken(office: Office, what: str) -> None:
    analyst, colleague, key = office.client(Role.ANALYST), office.client(Role.WEIGHER), office.signal
    verb, answers = Verb.CONFIRM, {"forms": ["ARB"], "words": "Mijn eigen toelichting."}
    if what == "look-up":
        done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
        enrich(analyst, key)
        verb, answers = Verb.SUBMIT, {"words": "Mijn eigen toelichting."}
    shown, before = opened(analyst, key, verb), len(events(key))
    if what == "note":
        done(colleague, key, Verb.NOTE, words="Zij is gisteren teruggebeld.")
    elif what == "text":
        done(colleague, key, Verb.CORRECT, text="Zij is gisteren teruggebeld.", words="Aangevuld na bellen.")
    elif what == "file":
        done(colleague, key, Verb.ATTACH, file=SimpleUploadedFile("brief.txt", b"brief"), origin="Is teruggebeld.")
    elif what == "look-up":
        step = view(key).look_ups[0].step
        system = next(one.systems[0] for one in steps_of(view(key), plan()) if one.code == step)
        said = {"system": system, "result": "found", "grade": "official", "words": "Zij is nu teruggebeld."}
        done(colleague, key, Verb.LOOK_UP, step=step, **said)
    else:
        file_one("politie", text="Is teruggebeld door 06 1234 5678.")
    page = send(analyst, key, verb, seen=shown, **answers)
    told = page.content.decode()
    assert page.status_code == 409
    assert AGAIN in told
    assert "Mijn eigen toelichting." in told, "what was filled in is still there"
    assert "verwant" in told if what == "related" else "teruggebeld" in told
    assert len(events(key)) == before + (what != "related"), "nothing was decided"
    again = SEEN.search(told)
    assert again
    assert send(analyst, key, verb, seen=again[1], **answers).status_code == 302
    last = events(key)[-1].seen
    assert last is not None
    assert last.events == before + (what != "related"), "the second time it was seen"


def test_what_tells_nothing_to_read_does_not_stand_in_the_way(office: Office) -> None:
    analyst, key = office.client(Role.ANALYST), office.signal
    shown = opened(analyst, key, Verb.UNSURE)
    analyst.post(reverse("signal-decide", args=[key]), {"choice": "take"})
    assert send(analyst, key, Verb.UNSURE, seen=shown, words="").status_code == 302
    seen = events(key)[-1].seen
    assert seen is not None
    assert seen.events == 1, "as it was shown, not as it became"


def test_a_form_says_what_was_shown_to_its_own_reader_of_its_own_signal_only(office: Office) -> None:
    analyst, key, second = office.client(Role.ANALYST), office.signal, file_one("politie", text="Iets heel anders.")
    own = opened(analyst, key, Verb.UNSURE)
    others = (
        "",
        own[:-1] + ("A" if own[-1] != "A" else "B"),
        opened(analyst, second, Verb.UNSURE),
        opened(office.client(Role.WEIGHER), key, Verb.UNSURE),
    )
    for false in others:
        page = send(analyst, key, Verb.UNSURE, seen=false, words="")
        assert page.status_code == 409
        assert "Kijk nog één keer" in page.content.decode()
    assert view(key).decisions == ()
    assert send(analyst, key, Verb.UNSURE, seen=own, words="").status_code == 302


def test_a_form_that_was_kept_while_its_sender_proved_who_they_are_still_counts(office: Office) -> None:
    analyst, key, person = office.client(Role.ANALYST), office.signal, office.world.people["politie", Role.ANALYST]
    shown = opened(analyst, key, Verb.DISMISS)
    session = analyst.session
    path = reverse("signal-act", args=[key, "dismiss"])
    fields = [["seen", shown], ["reason", "explained"], ["words", "Daar was een goede verklaring voor."]]
    session[HELD] = {"person": str(person.pk), "path": path, "fields": fields}
    session.save()
    page = analyst.get(reverse("held")).content.decode()
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert kept["seen"] == shown
    assert page.count("<blockquote") == 1, "only what was written is read back"
    prove(analyst, Person.objects.get(pk=person.pk))
    assert analyst.post(path, {name: kept[name] for name in ("seen", "reason", "words")}).status_code == 302
    assert view(key).phase is Phase.DISMISSED


def test_a_preview_of_several_is_what_was_seen_of_each_and_must_have_been_shown(office: Office) -> None:
    analyst, address = office.client(Role.ANALYST), reverse("queue-together") + "?alles=ja"
    data = {"verb": "dismiss", "reason": "explained", "words": ""}
    blind = analyst.post(address, {**data, "step": "do", "signal": [f"{office.signal}.1"]}).content.decode()
    assert "intussen veranderd" in blind
    assert view(office.signal).phase is Phase.REGISTERED
    shown = analyst.post(address, {**data, "step": "preview", "signal": [str(office.signal)]}).content.decode()
    values = re.findall(r'name="signal" value="([^"]+)"', shown)
    other = office.client(Role.WEIGHER).post(address, {**data, "step": "do", "signal": values}).content.decode()
    assert "intussen veranderd" in other, "shown to somebody else"
    analyst.post(address, {**data, "step": "do", "signal": values})
    seen = events(office.signal)[-1].seen
    assert seen is not None
    assert (seen.how, seen.layer, seen.events, seen.bars, seen.related) == ("preview", "A", 1, (), ())
    page = analyst.get(reverse("signal-history", args=[office.signal])).content.decode()
    assert "Een regel in een lijst" in page
    assert "nagerekend: klopt" in page


def test_a_history_says_so_when_what_was_seen_cannot_be_made_again(office: Office) -> None:
    from django.db import connections

    analyst, key = office.client(Role.ANALYST), office.signal
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    with connections["owner"].cursor() as cursor:  # as nobody can through the application
        cursor.execute("ALTER TABLE store_textversion DISABLE TRIGGER USER")
        TextVersion.objects.using("owner").filter(signal=key).update(text="Heel andere woorden.")
        cursor.execute("ALTER TABLE store_textversion ENABLE TRIGGER USER")
    page = analyst.get(reverse("signal-history", args=[key])).content.decode()
    assert "nagerekend: wijkt af" in page
    assert "nu anders" in page


def test_a_related_signal_the_reader_of_the_history_may_not_open_stays_without_its_number(office: Office) -> None:
    from seinpost.store.models import Signal

    analyst, coordinator, key = office.client(Role.ANALYST), office.client(Role.COORDINATOR), office.signal
    second = file_one("politie", text="Ander verhaal. Gebeld door 0612345678 over werk.")
    done(analyst, key, Verb.CONFIRM, forms=["ARB"], words="")
    number = f"P-{Signal.objects.using('owner').get(pk=second).number:06d}"
    address = reverse("signal-history", args=[key])
    assert number in analyst.get(address).content.decode()
    named = [str(office.world.people["politie", role].pk) for role in (Role.COORDINATOR, Role.WEIGHER)]
    done(coordinator, second, Verb.RESTRICT, people=named, supervisor=named[0], words=SENTENCE)
    page = analyst.get(address).content.decode()
    assert number not in page
    assert "Treffer zonder inhoud" in page
    assert number in coordinator.get(address).content.decode()


def test_an_earlier_signal_like_this_says_how_it_ended_and_why_only_to_who_may_open_it(office: Office) -> None:
    analyst, coordinator = office.client(Role.ANALYST), office.client(Role.COORDINATOR)
    second = file_one("politie", text="Ander verhaal. Gebeld door 0612345678 over werk.")
    address = reverse("signal", args=[office.signal])
    reason = plan().lists[ListName.DISMISSAL]["explained"].label.nl
    assert reason.lower() not in analyst.get(address).content.decode().lower()
    done(analyst, second, Verb.DISMISS, reason="explained", words="Dit woord staat nergens anders.")
    page = analyst.get(address).content.decode()
    assert reason[1:] in page
    assert "Dit woord staat nergens anders" not in page
    done(coordinator, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    other = analyst.get(reverse("signal", args=[second])).content.decode()
    assert "In verrijking" in other, "what goes on says its phase"


def test_the_queue_says_how_it_is_ordered_and_what_breaks_a_tie(office: Office) -> None:
    page = office.client(Role.ANALYST).get(reverse("queue")).content.decode()
    assert "Bij een gelijke som gaat voor wat het eerst af moet." in page


@given(st.from_type(Sight))
def test_what_was_seen_comes_back_as_it_went_and_any_change_shows(sight: Sight) -> None:
    from dataclasses import replace

    whole = sealed(sight)
    assert sight_from_plain(sight_to_plain(whole)) == whole
    assert sealed(replace(whole, events=whole.events + 1)).digest != whole.digest
    assert sealed(replace(whole, text=whole.text + "0")).digest != whole.digest


def test_a_refused_decision_leaves_the_form_with_what_is_there_now(office: Office) -> None:
    analyst, weigher = office.client(Role.ANALYST), office.client(Role.WEIGHER)
    done(analyst, office.signal, Verb.CONFIRM, forms=["ARB"], words="")
    assert do(analyst, office.signal, Verb.SUBMIT, words="").status_code == 422
    assert do(weigher, office.signal, Verb.JOIN, other="P-999999", words="").status_code == 422
