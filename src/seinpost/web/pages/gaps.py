"""What a registration does not tell, as pages show it, who wrote it, and the question as who was asked sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from seinpost.link.telling import Aspect, told_in
from seinpost.process.measures.quality import aspects_open, rate
from seinpost.process.speech import reference
from seinpost.report.distress import folds_in
from seinpost.store.queries.file import Question, SignalFile
from seinpost.web.pages.words import aspect_told, gaps_told, purpose_told
from seinpost.web.reader import Reader, names, plan
from seinpost.web.reading import Stretch, stretches

MOST_QUOTES = 4  # of one aspect: enough to see what was found


@dataclass(frozen=True, slots=True)
class AspectRow:
    """Who, where or when: the words of the text that tell it; without words it is open, or was answered since."""

    name: str
    quotes: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the registration does not tell, heaviest first, how much it does, and where its author is asked.

    Of a scanned text only `aspects` are known: no share of the questions, since most are not looked for.
    """

    badge: str
    questions: tuple[str, ...]
    score: int
    ask_url: str
    author: str
    aspects: tuple[AspectRow, ...] = ()


def gaps(file: SignalFile, reader: Reader, ask_url: str) -> Gaps | None:
    """What is still unknown; of a scanned text also what it does tell. None where a form left nothing open.

    `ask_url` is where the author is asked, empty where the reader may not.
    """
    missing = file.view.missing
    if not missing and not file.view.from_scan:
        return None
    quality = rate(plan(), frozenset(plan().questions) - frozenset(missing))
    return Gaps(
        badge=gaps_told(missing, from_scan=file.view.from_scan),
        questions=tuple(plan().questions[code].label.told(reader.language) for code in quality.missing),
        score=quality.score,
        ask_url=ask_url if missing else "",
        author=author(file),
        aspects=aspects(file) if file.view.from_scan else (),
    )


def aspects(file: SignalFile) -> tuple[AspectRow, ...]:
    """Who, where and when, with the words of the latest text that tell it."""
    found = told_in(file.versions[-1].text) if file.versions else ()
    still = aspects_open(file.view.missing)
    rows = []
    for aspect in Aspect:
        quotes = [" ".join(one.quote.split()) for one in found if one.aspect is aspect]
        if aspect is Aspect.WHEN and file.row.registered_at:
            moment = date_format(localtime(file.row.registered_at), "j F Y H:i")
            quotes.append(_("geregistreerd %(moment)s") % {"moment": moment})
        rows.append(
            AspectRow(aspect_told(aspect.value), tuple(dict.fromkeys(quotes))[:MOST_QUOTES], aspect.value in still)
        )
    return tuple(rows)


def author(file: SignalFile) -> str:
    """Who wrote the registration: a person of the service by name, else as the source names them.

    Empty where nobody said, and where a source is protected that the reader may not know.
    """
    told = file.row.author.strip() if file.source_open else ""
    return file.names.get(told, told)


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A question as who was asked sees it, and may see nothing else of the signal."""

    reference: str
    by: str
    at: datetime
    due: datetime
    purpose: str
    words: str
    questions: tuple[str, ...]
    reading: tuple[Stretch, ...]


def asked_page(question: Question, reader: Reader) -> AskedPage:
    """The question in words, with the text that it is about: without the marks of the scan, which are no answer."""
    first, latest = question.first, question.latest
    folded = folds_in(latest.text, first.text, first.marks, reader.distress, latest.marks)
    return AskedPage(
        reference=reference(reader.acting.service, question.number),
        by=question.by,
        at=question.at,
        due=question.task.due,
        purpose=purpose_told(question.purpose, question.view.processing, plan(), reader.language),
        words=question.task.words,
        questions=tuple(plan().questions[code].ask.told(reader.language) for code in question.asked),
        reading=stretches(latest.text, (), folded, names(), reader.language),
    )
