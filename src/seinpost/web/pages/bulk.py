"""One verb on several signals, as its pages show it: what will happen to each, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from seinpost.packs.procedure.terms import Verb
from seinpost.process.shapes import Refused, SignalView
from seinpost.process.speech import reference, say
from seinpost.store.actions.bulk import Outcome
from seinpost.store.queries.bulk import Foreseen, Standing
from seinpost.web.forms.base import Desk
from seinpost.web.pages.seen import line_token
from seinpost.web.pages.words import phase_told
from seinpost.web.reader import Reader, plan
from seinpost.web.registration import heading_told


@dataclass(frozen=True, slots=True)
class Line:
    """One signal: what will be or was done, or why not. `value` names it, as it was seen, in the form."""

    reference: str
    title: str
    url: str
    now: str
    what: str = ""
    reasons: tuple[str, ...] = ()
    layer: str = ""
    value: str = ""


def planned(found: Sequence[Foreseen], verb: Verb, desk: Desk, reader: Reader) -> tuple[Line, ...]:
    """What will happen to each."""
    return tuple(
        line(
            Standing(one.row, one.before),
            reader,
            what="" if isinstance(one.after, Refused) else becomes(one.after, verb, desk, reader),
            reasons=say(one.after, plan(), reader.language) if isinstance(one.after, Refused) else (),
        )
        for one in found
    )


def results(found: Sequence[Standing], outcomes: Mapping[UUID, Outcome], reader: Reader) -> tuple[Line, ...]:
    """What became of each that can be read."""
    lines = []
    for one in found:
        became = outcomes[one.row.id]
        reasons = say(became.refused, plan(), reader.language) if became.refused else ()
        done = _("was al gedaan") if became.before else _("gedaan")
        told = line(one, reader, what="" if reasons else done, reasons=reasons)
        lines.append(replace(told, value=line_token(one.row.id, became.events, reader)))
    return tuple(lines)


def line(one: Standing, reader: Reader, *, what: str, reasons: tuple[str, ...]) -> Line:
    """One signal of the list."""
    return Line(
        reference=reference(reader.acting.service, one.row.number),
        title=heading_told(one.row.title),
        url=reverse("signal", args=[one.row.id]),
        now=phase_told(one.view.phase, plan(), reader.language),
        what=what,
        reasons=reasons,
        layer=one.row.layer,
        value=line_token(one.row.id, one.view.sequence, reader),
    )


def becomes(after: SignalView, verb: Verb, desk: Desk, reader: Reader) -> str:
    """What a signal will be, in words."""
    if verb is Verb.NOTE:
        return _("krijgt een notitie")
    if verb is Verb.ASSIGN:
        names = {person.id: person.name for person in desk.colleagues}
        unit = (desk.units or {}).get(after.unit, after.unit)
        return _("naar %(who)s") % {"who": names.get(after.person or "", unit)}
    if after.standing.diary is not None:
        return _("terug op %(day)s") % {"day": date_format(after.standing.diary, "j F Y")}
    told = phase_told(after.phase, plan(), reader.language)
    action = after.standing.next_action
    if action is None:
        return told
    return _("%(phase)s, uiterlijk %(day)s") % {
        "phase": told,
        "day": date_format(timezone.localtime(action.due), "j F Y"),
    }
