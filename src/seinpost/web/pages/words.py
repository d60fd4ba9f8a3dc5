"""Codes in words, numbers as references, moments as lateness: small things that several pages say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, lru_cache

from django.utils.dateformat import format as dated
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import ListName, Phase, Processing, Purpose, Setting
from seinpost.process.measures.quality import aspects_open
from seinpost.report.view import Names

LATE, VERY_LATE = "late", "very-late"
LATENESS = {LATE: gettext_noop("te laat"), VERY_LATE: gettext_noop("veel te laat")}
ASPECTS = {"who": gettext_noop("wie"), "where": gettext_noop("waar"), "when": gettext_noop("wanneer")}
KINDS = {
    "phone": gettext_noop("telefoon"),
    "plate": gettext_noop("kenteken"),
    "iban": gettext_noop("rekening"),
    "address": gettext_noop("adres"),
    "firm": gettext_noop("bedrijf"),
    "chamber": gettext_noop("KvK-nummer"),
    "email": gettext_noop("e-mailadres"),
    "handle": gettext_noop("account"),
    "site": gettext_noop("website"),
    "text": gettext_noop("zelfde tekst"),
    "file": gettext_noop("zelfde bestand"),
}
"""Words by code. A list asks for hundreds, so that only the one that is said is looked up in the reader's language."""


def number_of(text: str) -> int | None:
    """The number in a reference as people type it, with or without letter and zeros."""
    digits = text.strip().upper().lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("-")
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None


def purpose_told(purpose: Purpose, processing: Processing, plan: Procedure, language: str) -> str:
    """What a signal is read for, and the ground of its processing."""
    said = (plan.names["purpose"][purpose.value], plan.names["processing"][processing.value])
    return " · ".join(one.told(language) for one in said)


def forms_told(forms: Iterable[str], names: Names, language: str) -> str:
    """Forms of exploitation in words."""
    place = 1 if language == "en" else 0
    return ", ".join(names["form"].get(code, (code, code))[place] for code in forms)


def lateness(due: datetime | None, very_late: datetime | None, now: datetime) -> str:
    """ "late", "very-late" or empty."""
    if very_late is not None and now >= very_late:
        return VERY_LATE
    return LATE if due is not None and now >= due else ""


def lateness_told(state: str) -> str:
    """Lateness in words."""
    return _(LATENESS[state]) if state in LATENESS else ""


def allowed_files(plan: Procedure, language: str) -> str:
    """Which files can be kept, in words."""
    kinds = ", ".join(entry.label.told(language) for entry in plan.lists[ListName.ATTACHMENTS].values())
    size = plan.settings[Setting.ATTACHMENT_MEBIBYTES]
    return _("Hoogstens %(size)d MiB. Toegestaan: %(kinds)s.") % {"size": size, "kinds": kinds}


def aspect_told(aspect: str) -> str:
    """An aspect of what a registration should tell, in a word."""
    return _(ASPECTS[aspect])


def gaps_told(missing: tuple[str, ...], *, from_scan: bool) -> str:
    """What is missing, as a badge says it; empty where nothing is."""
    aspects = ", ".join(aspect_told(aspect) for aspect in aspects_open(missing))
    if from_scan and aspects:
        return _("niet gevonden in de tekst: %(what)s") % {"what": aspects}
    count = len(missing)
    return ngettext("%(open)s vraag open", "%(open)s vragen open", count) % {"open": count} if count else ""


def phase_told(phase: Phase, plan: Procedure, language: str) -> str:
    """A phase in words."""
    return plan.names["phase"][phase.value].told(language)


def kind_told(kind: str) -> str:
    """A kind of entity in words."""
    return _(KINDS[kind]) if kind in KINDS else kind


def day_told(day: date) -> str:
    """A day and its month, as short as a list wants it."""
    return days(get_language() or "")(day)


@cache
def days(_language: str) -> Callable[[date], str]:
    """What tells a day in the language that is active; a list tells few days, each many times."""
    return lru_cache(maxsize=1_000)(lambda day: dated(day, "j b"))
