"""The first page of the day and the answers of the search box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from seinpost.packs.procedure.terms import ListName, Verb
from seinpost.process.speech import reference
from seinpost.process.telling.concerns import notice_told, very_late
from seinpost.store.queries.queue import HISTORICAL, QueuePage
from seinpost.store.queries.search import EXTERNAL, NUMBER, TEXT, Answers, Place, Saved
from seinpost.store.queries.today import TaskRow, Today
from seinpost.web.pages.queue import ALL, Pager, Row, SavedLink, pager, query, row
from seinpost.web.pages.words import kind_told, lateness, lateness_told
from seinpost.web.reader import Reader, plan

OWN = {TEXT: gettext_noop("tekst"), NUMBER: gettext_noop("nummer"), EXTERNAL: gettext_noop("nummer bij de bron")}


@dataclass(frozen=True, slots=True)
class Count:
    """A number with where it leads."""

    number: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice."""

    text: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the reader."""

    what: str
    words: str
    reference: str
    due: datetime
    lateness: str
    lateness_text: str
    url: str
    done_url: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """The page."""

    greeting: str
    reads: bool  # whether they work on signals; else there is only what was asked of them
    counts: tuple[Count, ...]
    rows: tuple[Row, ...]
    more: int
    notices: tuple[NoticeLine, ...]
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Where a signal answers, with some words around what was asked: pieces in order, each with whether it answers."""

    label: str
    words: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One signal that answers."""

    row: Row
    places: tuple[FoundIn, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """The page."""

    asked: str
    summary: str
    whole: bool  # everything was looked through
    answers: tuple[Answer, ...]
    pager: Pager


def today_view(found: Today, reader: Reader, *, reads: bool = True) -> TodayView:
    """The day for its reader."""
    queue, count = reverse("queue"), found.historical_total
    old = [Count(count, _("oude registraties"), f"{queue}?baan={HISTORICAL}")] if count else []
    return TodayView(
        greeting=_("Goedendag, %(name)s") % {"name": reader.person.name},
        reads=reads,
        counts=(
            Count(found.urgent_total, _("spoed: gevaar of minderjarig"), f"{queue}?spoed=ja"),
            Count(found.late_total, _("te laat"), f"{queue}?laat=ja"),
            Count(found.mine_total, _("van u"), f"{queue}?eigenaar=me&baan={ALL}"),
            Count(found.queue_total, _("in de wachtrij"), f"{queue}?eigenaar=nobody"),
            *old,
        ),
        rows=tuple(row(one, reader) for one in found.mine),
        more=found.mine_total - len(found.mine),
        notices=tuple(
            NoticeLine(notice_told(plan(), one.kind, reader.language), reverse("signal", args=[one.signal]), one.at)
            for one in found.notices
        ),
        tasks=tuple(task_line(one, reader) for one in found.tasks),
    )


def task_line(found: TaskRow, reader: Reader) -> TaskLine:
    """One task in words."""
    todo = found.task
    state = lateness(todo.due, very_late(todo, plan()), reader.now)
    verb = Verb.ANSWER if todo.kind == "ask-author" else Verb.FINISH_TASK
    done_url = reverse("signal-act", args=[found.signal, verb.value]) + f"?task={todo.id}"
    return TaskLine(
        what=plan().lists[ListName.TASKS][todo.kind].label.told(reader.language),
        words=todo.words,
        reference=reference(reader.acting.service, found.number),
        due=todo.due,
        lateness=state,
        lateness_text=lateness_told(state),
        url=reverse("signal-tasks", args=[found.signal]) if found.readable else done_url,
        done_url=done_url,
    )


def kept_questions(saved: tuple[Saved, ...], asked: str) -> tuple[SavedLink, ...]:
    """The questions that the reader keeps, by name; filters of the queue are not among them."""
    return tuple(
        SavedLink(
            url=reverse("search") + query({"q": one.query["q"]}),
            name=one.name,
            current=one.query["q"] == asked,
            is_default=False,
            change_url=reverse("queue-saved", args=[one.key]) + query({"q": asked}),
        )
        for one in saved
        if one.is_question
    )


def search_view(found: Answers, asked: str, reader: Reader) -> SearchView:
    """What was found, and where."""
    return SearchView(
        asked,
        found_told(found.page),
        not found.page.more,
        tuple(
            Answer(row(one, reader), tuple(place_told(place, reader.language) for place in found.places[one.id]))
            for one in found.page.rows
        ),
        pager(found.page, {"q": asked}),
    )


def found_told(page: QueuePage) -> str:
    """How many there are."""
    told = ngettext("%(count)s signaal gevonden", "%(count)s signalen gevonden", page.total) % {"count": page.total}
    if page.more:
        return told + _("; deze woorden komen zo vaak voor dat alleen de nieuwste signalen zijn doorzocht")
    return told


def place_told(found: Place, language: str) -> FoundIn:
    """A place in words: what happened when it was written, or what of the registration it is."""
    facts = plan().names["fact"]
    if found.kind in facts:
        return FoundIn(facts[found.kind].told(language), found.words)
    return FoundIn(_(OWN[found.kind]) if found.kind in OWN else kind_told(found.kind), found.words)
