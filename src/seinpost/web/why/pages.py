"""What the scan says of a signal by the installed pack, whether it flagged it or not.

Frozen with a signal are layer, score, reason, hits and contributions of the day it was received: what was decided on.
What was missing for a higher layer is not stored; it follows from the text and a pack, so it is made again here, by
the pack that is installed, and the page says by which (docs/decisions/0023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _

from seinpost.process.deadlines import local_day
from seinpost.report.distress import folds
from seinpost.report.view import SignalView
from seinpost.store.queries.file import SignalFile
from seinpost.web.reader import Reader, names, plan
from seinpost.web.reading import Reason, Stretch, reasons, sheltered, stretches

FOR_READERS = ("A", "B", "C")
NOT_FLAGGED, NO_LAYER = "-", "NONE"
ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class Way:
    """What was missing for one layer, a sentence each; without a layer: what was found and did not count."""

    layer: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The page."""

    verdict: str
    layer: str
    score: str
    bar: str
    packs: tuple[str, ...]
    bars_for: list[Reason]
    bars_against: list[Reason]
    ways: tuple[Way, ...]
    reading: tuple[Stretch, ...]


def unflagged(file: SignalFile, reader: Reader) -> tuple[str, ...]:
    """Why it is here although the scan did not put it before a reader, in words; nothing for what it did."""
    row = file.row
    if not row.from_scan:
        channel = plan().channels[file.view.channel].label.told(reader.language)
        return (_("Dit kwam niet uit de scan maar zo: %(channel)s. Er is dus geen som.") % {"channel": channel},)
    if row.silent_sample:
        return (_("Een stille regel hield dit buiten de wachtrij; als steekproef wordt het toch gelezen."),)
    if row.silent_until is not None and row.silent_until > local_day(reader.now):
        return (_("Een stille regel houdt dit buiten de wachtrij."),)
    if row.layer not in FOR_READERS:
        return (_("De scan vond te weinig voor een lezer; als controle wordt een deel daarvan toch gelezen."),)
    return ()


def said(file: SignalFile, found: SignalView, pack: str, bar: float | None, reader: Reader) -> Said:
    """What the scan says of the words as they came in; `found` by the installed `pack`, whose layer C is at `bar`."""
    english = reader.language == "en"
    folded = folds(found.text, [*found.marks, *file.marks], reader.distress)
    speaks_for, against = (sheltered(some, found.text, folded) for some in reasons(found, reader.language))
    ways = groupby(found.missing, key=lambda one: one[0])
    return Said(
        verdict=found.reason_en if english else found.reason_nl,
        layer="" if found.layer == NOT_FLAGGED else found.layer,
        score=f"{found.score:.2f}",
        bar="" if bar is None or found.layer in FOR_READERS else f"{bar:.2f}",
        packs=packs_told(file, found, pack),
        bars_for=[replace(one, shows="") for one in speaks_for],
        bars_against=[replace(one, shows="") for one in against],
        ways=tuple(
            Way("" if layer == NO_LAYER else layer, tuple(en if english else nl for _layer, nl, en in lines))
            for layer, lines in ways
        ),
        reading=stretches(found.text, found.marks, folded, names(), reader.language),
    )


def packs_told(file: SignalFile, found: SignalView, pack: str) -> tuple[str, ...]:
    """By which pack this is, and what the reading of the day it came in said where that was another."""
    row = file.row
    told = [_("Nu uitgerekend met pakket %(pack)s, over de tekst zoals die binnenkwam.") % {"pack": pack}]
    if row.score is None:
        return tuple(told)
    then = {"pack": row.pack, "layer": row.layer or "–", "score": f"{row.score:.2f}"}
    raised_then, raised_now = raised(file.explained), raised(found)
    if raised_then and found.third is None:
        told.append(_("Bij ontvangst las een derde lezer mee, die de gelijkenis verhoogde; hier leest die niet mee."))
    elif raised_now and not raised_then:
        told.append(_("Hier leest een derde lezer mee, die de gelijkenis verhoogt; bij ontvangst deed die dat niet."))
    if row.pack != pack:
        told.append(_("Bij ontvangst las pakket %(pack)s dit: laag %(layer)s, som %(score)s.") % then)
        told.append(_("Dat pakket is een ander dan dit: wat toen ontbrak kan anders zijn geweest."))
    elif (row.layer or NOT_FLAGGED) != found.layer or f"{row.score:.2f}" != f"{found.score:.2f}":
        told.append(_("Bij ontvangst was het: laag %(layer)s, som %(score)s.") % then)
    return tuple(told)


def raised(view: SignalView | None) -> bool:
    """Whether the third reader raised the resemblance in a reading."""
    return view is not None and any(bar.kind == ENCODER for bar in view.bars)
