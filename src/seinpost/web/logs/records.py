"""What the chain tells of no signal, in words: people and rights, keys, logins, imports, proofs, forms destroyed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import ListName
from seinpost.process.codec import WORDS
from seinpost.store.acting import SYSTEM
from seinpost.store.actions.people import COMMAND, WITHIN
from seinpost.store.queries.oversight import RecordRow
from seinpost.web.pages.words import forms_told
from seinpost.web.reader import Reader, plan
from seinpost.web.reader import names as form_names

Told = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record: its number in the chain, when, by whom, what, and its particulars as name and value."""

    number: int
    at: datetime
    by: str
    what: str
    facts: tuple[tuple[str, str], ...]


def kinds_told() -> dict[str, str]:
    """Every kind of record that is about no signal, in words; a test holds it against what the code records."""
    return {
        "service-made": _("Dienst gemaakt"),
        "unit-made": _("Eenheid gemaakt"),
        "person-made": _("Persoon gemaakt"),
        "person-left": _("Persoon vertrokken"),
        "right-given": _("Recht gegeven"),
        "right-proposed": _("Recht voorgesteld"),
        "right-disagreed": _("Niet ingestemd met voorgesteld recht"),
        "right-withdrawn": _("Voorgesteld recht ingetrokken"),
        "right-ended": _("Recht beëindigd"),
        "training-recorded": _("Training vastgelegd"),
        "code-of-conduct-signed": _("Gedragscode ondertekend"),
        "second-factor-reset": _("Tweede factor gewist"),
        "sessions-ended": _("Sessies beëindigd"),
        "login-locked": _("Inlog geblokkeerd na verkeerde wachtwoorden"),
        "lock-lifted": _("Blokkade opgeheven"),
        "key-made": _("Sleutel gemaakt"),
        "key-ended": _("Sleutel beëindigd"),
        "import-finished": _("Invoer afgerond"),
        "guarantee-proved": _("Waarborg bewezen"),
        "log-exported": _("Logboek uitgevoerd naar een bestand"),
        "looks-sealed": _("Inzagelog van een dag verzegeld"),
        "looks-destroyed": _("Inzagelog van een dag vernietigd"),
        "drafts-destroyed": _("Concepten vernietigd"),
    }


def labels() -> dict[str, str]:
    """The particulars that are shown, in this order, by their name in the chain."""
    return {
        "person": _("persoon"),
        "role": _("rol"),
        "task": _("taak"),
        "processing": _("regime"),
        "purposes": _("doelen"),
        "purpose": _("doel"),
        "units": _("eenheden"),
        "forms": _("vormen van uitbuiting"),
        "compartments": _("beschermde bronnen"),
        "asked_by": _("voorgesteld door"),
        "second": _("tweede persoon"),
        "why": _("toelichting"),
        "training": _("training"),
        "unit": _("eenheid"),
        "profile": _("profiel"),
        "practice": _("oefendienst"),
        "key": _("sleutel"),
        "instead_of": _("in plaats van"),
        "source": _("bron"),
        "scopes": _("mag"),
        "compartment": _("beschermde bron"),
        "starts": _("vanaf"),
        "ends": _("tot"),
        "until": _("geldig tot"),
        "version": _("versie"),
        "rights": _("rechten beëindigd"),
        "factors": _("factoren"),
        "sessions": _("sessies"),
        "day": _("dag"),
        "count": _("aantal"),
        "before": _("ongewijzigd sinds"),
        "received": _("ontvangen"),
        "filed": _("in de wachtrij"),
        "checked": _("signalen nagekeken"),
        "orphans": _("zonder eigenaar, stap of datum"),
    }


def record_lines(
    rows: Iterable[RecordRow], names: Mapping[str, str], units: Mapping[str, str], reader: Reader
) -> tuple[RecordLine, ...]:
    """The records in words; `names` are people and keys by id. A kind or value without words stays as it is."""
    kinds, known, say = kinds_told(), labels(), tellers(names, units, reader)
    return tuple(
        RecordLine(
            number=row.number,
            at=row.at,
            by=_("Het systeem") if row.by == SYSTEM else names.get(row.by, row.by),
            what=kinds.get(row.kind, row.kind),
            facts=tuple(
                (label, said)
                for name, label in known.items()
                if name in row.facts and (said := say.get(name, plain)(row.facts[name]))
            ),
        )
        for row in rows
    )


def tellers(names: Mapping[str, str], units: Mapping[str, str], reader: Reader) -> dict[str, Told]:
    """How a particular is said, by its name in the chain; any other as `plain` says it."""
    english, closed = reader.language, plan().names
    hidden = {code: entry.label.told(english) for code, entry in plan().lists[ListName.COMPARTMENTS].items()}

    def term(kind: str) -> Told:
        words = {code: label.told(english) for code, label in closed[kind].items()}
        return lambda value: listed(value, words)

    whole = _("de hele dienst")
    alone = {
        COMMAND: _("geen: opdracht op de server"),
        WITHIN: _("niet nodig: valt binnen een recht dat er al was"),
    }
    return {
        **dict.fromkeys(("person", "key", "instead_of", "asked_by"), lambda value: names.get(str(value), str(value))),
        **dict.fromkeys(("compartment", "compartments"), lambda value: listed(value, hidden)),
        **dict.fromkeys(("starts", "ends", "before"), moment),
        "forms": lambda value: forms_told(value if isinstance(value, list) else (), form_names(), english),
        "second": lambda value: alone.get(str(value)) or names.get(str(value), str(value)),
        "why": lambda value: str(value.get(WORDS, "")) if isinstance(value, dict) else plain(value),
        "role": term("role"),
        "task": term("task"),
        "processing": term("processing"),
        "purposes": term("purpose"),
        "purpose": term("purpose"),
        "units": lambda value: whole if value is None else listed(value, units),
        "unit": lambda value: listed(value, units),
        "until": lambda value: date_format(date.fromisoformat(str(value)), "j F Y"),
        "orphans": lambda value: str(len(value)) if isinstance(value, list) else plain(value),
        "practice": lambda value: _("ja") if value else "",
    }


def listed(value: object, words: Mapping[str, str]) -> str:
    """One code or several, in words."""
    codes = value if isinstance(value, list) else [value]
    return ", ".join(words.get(str(code), str(code)) for code in codes)


def plain(value: object) -> str:
    """A value as it is; several after each other, nothing for an empty one."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def moment(value: object) -> str:
    """A moment by the clock on the wall."""
    return date_format(localtime(datetime.fromisoformat(str(value))), "j F Y H:i")
