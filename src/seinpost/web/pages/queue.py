"""The queue as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seinpost.process.speech import reference
from seinpost.store.actions.bulk import BULK, MOST
from seinpost.store.queries.around import MOST as MOST_RELATED
from seinpost.store.queries.around import Relatives, Returned
from seinpost.store.queries.queue import (
    ALSO,
    DAILY,
    DOES,
    HISTORICAL,
    MINE,
    NOBODY,
    ONLY,
    OWNS,
    SILENT,
    WAITS,
    QueueFilter,
    QueuePage,
    QueueRow,
)
from seinpost.store.queries.search import Saved
from seinpost.web.pages.words import day_told, forms_told, gaps_told, kind_told, lateness, lateness_told, phase_told
from seinpost.web.reader import Reader, names, plan
from seinpost.web.registration import heading_told
from seinpost.web.whence import along

LAYERS = ("A", "B", "C", "D")
PHASES = ("registered", "enrichment", "weighing", "weighed")
EVERYTHING = "?alles=ja"  # the queue without the reader's default filter
ALL = "alle"  # every lane but the silent one
LATE, VERY_LATE = "ja", "zeer"  # what an address says
OWNER, WAITING, DOING = "eigenaar", "wacht", "doet"
ALSO_SHOWN, ONLY_SHOWN = "ook", "alleen"
SHARES_ASKED = {OWNER: OWNS, WAITING: WAITS, DOING: DOES}
LATER_ASKED = {ALSO_SHOWN: ALSO, ONLY_SHOWN: ONLY}
PASSING = ("alles", "bladzijde")  # what belongs to one visit and not to a filter


@dataclass(frozen=True, slots=True)
class Badge:
    """Something that stands out of a line; `style` is the ending of its class."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One line, in words: a page holds many, and a template says things slower than it shows them."""

    key: UUID
    url: str
    reference: str
    title: str
    reason: str
    layer: str
    forms: str
    phase: str
    received: datetime
    received_told: str
    received_iso: str
    due_told: str
    due_iso: str
    late: tuple[Badge, ...]
    danger: bool
    owner: str
    marks: tuple[Badge, ...]
    returned: str


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a filter."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter."""

    id: str
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Desks:
    """Whom and which units the reader can filter on, code and name of each; and what they may do with several."""

    people: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    deals: bool = False  # whether the reader may give work to others


@dataclass(frozen=True, slots=True)
class Link:
    """A link, possibly to where one is."""

    url: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list."""

    text: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A filter the reader keeps: where it leads, and where it is changed."""

    url: str
    name: str
    current: bool
    is_default: bool
    change_url: str


@dataclass(frozen=True, slots=True)
class SavedView:
    """The filters the reader keeps, where the present one can be kept, and whether there is one worth keeping."""

    searches: tuple[SavedLink, ...]
    keep_url: str
    all_url: str
    filtered: bool


@dataclass(frozen=True, slots=True)
class Together:
    """What can be done to several signals at once, and to how many of the filter."""

    url: str
    verbs: tuple[tuple[str, str], ...]
    all_label: str
    deal_url: str  # empty for who gives nothing to anybody


@dataclass(frozen=True, slots=True)
class QueueView:
    """The page."""

    summary: str
    take_url: str
    rows: tuple[Row, ...]
    cards: bool
    filters: tuple[Filter, ...]
    more_filters: tuple[Filter, ...]
    more_open: bool  # whether one of those is on
    views: tuple[Link, ...]
    pager: Pager
    together: Together
    empty_title: str
    empty_text: str


def queue_view(page: QueuePage, wanted: QueueFilter, asked: dict[str, str], reader: Reader, desk: Desks) -> QueueView:
    """The queue for a reader; `asked` is what the address says, kept in every link."""
    filtered, carried = wanted != QueueFilter(), along(query(asked).removeprefix("?"))
    return QueueView(
        summary=summary(page, reader),
        take_url=reverse("take-next") + query(asked),
        rows=tuple(row(r, reader, carried) for r in page.rows),
        cards=asked.get("weergave") == "kaarten",
        filters=filters(wanted, reader, desk),
        more_filters=more_filters(wanted),
        more_open=bool(wanted.share or wanted.later or wanted.task),
        views=(
            Link(query({**asked, "weergave": ""}) or EVERYTHING, _("Tabel"), asked.get("weergave") != "kaarten"),
            Link(query({**asked, "weergave": "kaarten"}), _("Kaarten"), asked.get("weergave") == "kaarten"),
        ),
        pager=pager(page, asked),
        together=together(page, asked, reader, deals=desk.deals),
        empty_title=_("Niets met dit filter") if filtered else _("De wachtrij is leeg"),
        empty_text=_("Kies een ruimer filter; er kan elders werk wachten.")
        if filtered
        else _("Alles is gelezen. Nieuwe registraties komen na de volgende scan vanzelf hier."),
    )


def together(page: QueuePage, asked: dict[str, str], reader: Reader, *, deals: bool) -> Together:
    """What can be done to several signals of the queue at once."""
    if page.total > MOST:
        label = _("De eerste %(most)s van dit filter") % {"most": MOST}
    else:
        label = _("Alles van dit filter (%(total)s)") % {"total": page.total}
    verbs = tuple((verb.value, plan().names["verb"][verb.value].told(reader.language)) for verb in BULK)
    address = query(asked) or EVERYTHING
    deal_url = reverse("queue-deal") + address if deals else ""
    return Together(reverse("queue-together") + address, verbs, label, deal_url)


def saved_view(saved: tuple[Saved, ...], asked: dict[str, str]) -> SavedView:
    """The filters that the reader keeps, beside the one that is on."""
    now = lasting(asked)
    searches = tuple(
        SavedLink(
            url=query(one.query) or EVERYTHING,
            name=one.name,
            current=one.query == now,
            is_default=one.is_default,
            change_url=reverse("queue-saved", args=[one.key]) + query(asked),
        )
        for one in saved
        if not one.is_question
    )
    return SavedView(searches, reverse("queue-keep") + query(asked), EVERYTHING, bool(now))


def lasting(asked: dict[str, str]) -> dict[str, str]:
    """What of a question belongs to a filter: neither the page one is on nor what is left open."""
    daily = {"baan": "daily"}
    return {k: v for k, v in asked.items() if v and k not in PASSING and daily.get(k) != v}


def summary(page: QueuePage, reader: Reader) -> str:
    """How long the queue is and how long its oldest waits."""
    if page.more:
        count = _("meer dan %(count)s registraties wachten") % {"count": page.total}
    else:
        count = ngettext("%(count)s registratie wacht", "%(count)s registraties wachten", page.total) % {
            "count": page.total
        }
    if page.oldest is None:
        return count
    days = (reader.now - page.oldest).days
    waits = ngettext("de oudste %(days)s dag", "de oudste %(days)s dagen", days) % {"days": days}
    return f"{count}, {waits}."


def row(found: QueueRow, reader: Reader, carried: str = "") -> Row:
    """One line for a reader; `carried` is what its link carries along of the queue."""
    received, due = localtime(found.received_at), localtime(found.due)
    return Row(
        key=found.id,
        url=reverse("signal", args=[found.id]) + carried,
        reference=reference(reader.acting.service, found.number),
        title=heading_told(found.title),
        reason=found.reason_en if reader.language == "en" else found.reason_nl,
        layer=found.layer,
        forms=forms_told(found.forms, names(), reader.language),
        phase=phase_told(found.phase, plan(), reader.language),
        received=received,
        received_told=f"{day_told(received.date())} {received:%H:%M}",
        received_iso=received.isoformat(timespec="seconds"),
        due_told=day_told(due.date()),
        due_iso=due.isoformat(timespec="seconds"),
        late=tuple(late_badges(found, reader)),
        danger=found.risk_to_life or found.minor,
        owner=found.owner or _("wachtrij"),
        marks=(*danger(found), *badges(found, reader)),
        returned=returned_told(found.around.returned),
    )


def late_badges(found: QueueRow, reader: Reader) -> Iterator[Badge]:
    """What of a line is late."""
    if state := lateness(found.due, found.very_late, reader.now):
        yield Badge(lateness_told(state), state)
    if found.task_late:
        yield Badge(_("taak te laat"), "late")


def danger(found: QueueRow) -> Iterator[Badge]:
    """What comes before all else."""
    if found.risk_to_life:
        yield Badge(_("Levensgevaar"), "urgent")
    if found.minor:
        yield Badge(_("Minderjarig"), "urgent")


def badges(found: QueueRow, reader: Reader) -> Iterator[Badge]:
    """What else stands out of a line: who has it, then what is around it and what it lacks."""
    if found.came_back:
        yield Badge(_("terug in de wachtrij"), "back")
    if found.silent_sample:
        yield Badge(_("steekproef stille regel"))
    if found.held_by and found.held_by != reader.person.name:
        yield Badge(_("in behandeling bij %(who)s") % {"who": found.held_by})
    if readers := ", ".join(name for name in found.around.readers if name != found.held_by):
        yield Badge(_("open bij %(who)s") % {"who": readers})
    for told in (related_told(found.around.relatives), gaps_told(found.missing, from_scan=found.from_scan)):
        if told:
            yield Badge(told, "wraps")


def related_told(found: Relatives) -> str:
    """How many others there are, and by what; empty for none."""
    if not found.count:
        return ""
    count = f"{MOST_RELATED}+" if found.count == MOST_RELATED else str(found.count)
    ways = ", ".join(kind_told(way) for way in found.ways)
    return _("%(count)s verwant: %(ways)s") % {"count": count, "ways": ways}


def returned_told(found: Returned | None) -> str:
    """Why a signal was put off and until when; empty for one that was not."""
    if found is None:
        return ""
    day, by = date_format(found.on, "j F"), found.by or _("Het systeem")
    if not found.words:
        return _("Uitgesteld tot %(day)s door %(by)s.") % {"day": day, "by": by}
    return _("Uitgesteld tot %(day)s door %(by)s: “%(words)s”") % {"day": day, "by": by, "words": found.words}


def filters(wanted: QueueFilter, reader: Reader, desk: Desks) -> tuple[Filter, ...]:
    """The filters with what is chosen."""
    place = 1 if reader.language == "en" else 0
    forms = [(code, name[place]) for code, name in names()["form"].items()]
    phases = [(code, plan().names["phase"][code].told(reader.language)) for code in PHASES]
    owners = [(MINE, _("Van mij")), (NOBODY, _("Van niemand")), *desk.people]
    late = [(LATE, _("Te laat, ook veel te laat")), (VERY_LATE, _("Alleen veel te laat"))]
    late_now = VERY_LATE if wanted.very_late else LATE if wanted.late else ""
    lanes = [(DAILY, _("Dagelijks")), (HISTORICAL, _("Oude registraties")), (SILENT, _("Stil gehouden"))]
    lanes.append((ALL, _("Alle behalve stil gehouden")))
    lane = wanted.lane or ALL
    return (
        chooser("fase", _("Fase"), phases, wanted.phase),
        chooser("laag", _("Laag"), [(layer, layer) for layer in LAYERS], wanted.layer),
        chooser("vorm", _("Vorm"), forms, wanted.form),
        chooser("spoed", _("Spoed"), [("ja", _("Gevaar of minderjarig"))], "ja" if wanted.urgent else ""),
        chooser("laat", _("Te laat"), late, late_now),
        chooser("eenheid", _("Eenheid"), list(desk.units), wanted.unit),
        chooser("eigenaar", _("Eigenaar"), owners, wanted.owner),
        Filter("baan", "baan", _("Baan"), tuple(Option(v, str(text), v == lane) for v, text in lanes)),
    )


def more_filters(wanted: QueueFilter) -> tuple[Filter, ...]:
    """The filters that few need, with what is chosen."""
    shares = [(OWNER, _("Is eigenaar")), (WAITING, _("Is eigenaar, en wacht op een ander"))]
    shares.append((DOING, _("Doet alleen de volgende stap")))
    later = [(ALSO_SHOWN, _("Ook wat op een latere dag terugkomt")), (ONLY_SHOWN, _("Alleen dat"))]
    share = next((asked for asked, meant in SHARES_ASKED.items() if meant == wanted.share), "")
    put_off = next((asked for asked, meant in LATER_ASKED.items() if meant == wanted.later), "")
    none = Option("", _("Niet"), not put_off)
    return (
        chooser("rol", _("Rol van wie het heeft"), shares, share),
        Filter("uitgesteld", "uitgesteld", _("Uitgesteld"), (none, *(Option(v, t, v == put_off) for v, t in later))),
        chooser("taak", _("Taak"), [("nu", _("Vandaag of te laat"))], "nu" if wanted.task else ""),
    )


def chooser(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> Filter:
    """A filter that can be left open."""
    first = Option("", _("Alle"), not chosen)
    return Filter(name, name, label, (first, *(Option(v, str(text), v == chosen) for v, text in options)))


def pager(page: QueuePage, asked: dict[str, str]) -> Pager:
    """Where one is in the queue."""
    before = query({**asked, "bladzijde": str(page.page - 1)}) if page.page > 1 else ""
    after = query({**asked, "bladzijde": str(page.page + 1)}) if page.page < page.pages else ""
    return Pager(_("Bladzijde %(page)s van %(pages)s") % {"page": page.page, "pages": page.pages}, before, after)


def query(asked: dict[str, str]) -> str:
    """The question mark and what follows; empty when nothing is asked."""
    kept = {name: value for name, value in asked.items() if value}
    return "?" + urlencode(kept) if kept else ""
