"""Spreading signals over people, as its pages show it: whom to choose, who gets what and why, what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from seinpost.process.people import Words
from seinpost.process.shapes import Holder, Refused
from seinpost.process.speech import say
from seinpost.process.work.dealing import Dealt, Kept, Way
from seinpost.store.actions.act import Seen
from seinpost.store.actions.bulk import Outcome
from seinpost.store.queries.bulk import Standing, Team
from seinpost.web.forms.base import one, some, words
from seinpost.web.pages.bulk import Line, line
from seinpost.web.reader import Reader, plan

SALT = "seinpost.deal"


class DealForm(forms.Form):
    """Over whom, how, and a word for who gets them."""

    template_name = "seinpost/forms/form.html"

    def __init__(self, team: Team, units: Mapping[str, str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        several = len({hand.actor.unit for hand in team.hands}) > 1
        people = [(hand.actor.id, person_told(hand.load, team.names[hand.actor.id])) for hand in team.hands]
        if several:
            named = zip(team.hands, people, strict=True)
            people = [(key, f"{told}, {units.get(hand.actor.unit, '')}") for hand, (key, told) in named]
        self.fields["people"] = some(_("Over wie?"), people, _("Alleen wie in deze eenheid werkt en het mag oppakken."))
        self.fields["people"].required = True
        ways = [(Way.IN_TURN.value, _("Om de beurt, in de volgorde van lezen"))]
        ways.append((Way.BY_LOAD.value, _("Telkens aan wie er nu de minste heeft")))
        self.fields["way"] = one(_("Hoe?"), ways)
        self.fields["words"] = words(_("Toelichting"), _("Mag leeg blijven."))
        self.initial.setdefault("way", Way.IN_TURN.value)
        self.team = team

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields; none is folded."""
        return list(self)

    def chosen(self) -> list[str]:
        """The people who are chosen, by key. Only of a form that is valid."""
        return list(self.cleaned_data["people"])

    def way(self) -> Way:
        """How they are spread. Only of a form that is valid."""
        return Way(self.cleaned_data["way"])

    def told(self) -> Words:
        """The word for who gets them. Only of a form that is valid."""
        return Words(self.cleaned_data["words"].strip())


@dataclass(frozen=True, slots=True)
class Share:
    """How many somebody gets, beside what they have."""

    name: str
    gets: int
    had: int


@dataclass(frozen=True, slots=True)
class Gift:
    """A line of a preview as its form sends it: the signal as it was seen, and who gets it."""

    seen: Seen
    to: Holder


def person_told(load: int, name: str) -> str:
    """Somebody with how many signals are theirs now."""
    had = ngettext("heeft er nu %(count)s", "heeft er nu %(count)s", load) % {"count": load}
    return f"{name} ({had})"


def planned(found: Sequence[Standing], dealt: Sequence[Dealt], form: DealForm, reader: Reader) -> list[Line]:
    """Who will get each and why, or why nobody does."""
    lines = []
    for one_, gift in zip(found, dealt, strict=True):
        told = line(one_, reader, what=why_told(gift, form), reasons=kept_told(gift, one_, reader))
        value = "" if gift.to is None else gift_token(one_, gift.to, reader)
        lines.append(Line(told.reference, told.title, told.url, told.now, told.what, told.reasons, told.layer, value))
    return lines


def why_told(gift: Dealt, form: DealForm) -> str:
    """Who gets a signal, and why they do; empty for nobody."""
    if gift.to is None or gift.to.person is None:
        return ""
    name = form.team.names[gift.to.person]
    if form.way() is Way.BY_LOAD:
        return _("naar %(name)s: heeft er dan %(count)s, de minste") % {"name": name, "count": gift.load}
    return _("naar %(name)s: aan de beurt") % {"name": name}


def kept_told(gift: Dealt, one_: Standing, reader: Reader) -> tuple[str, ...]:
    """Why nobody gets a signal."""
    if gift.kept is None:
        return ()
    if gift.kept is Kept.REFUSED:
        return say(Refused(gift.reasons), plan(), reader.language)
    if gift.kept is Kept.OWNED:
        return (_("Is al van %(name)s, die ermee verder kan.") % {"name": one_.row.owner},)
    if gift.kept is Kept.DOUBTED:
        return (_("Wie u koos twijfelde er zelf al over: een ander moet dit lezen."),)
    return (_("Niemand van wie u koos werkt in deze eenheid en mag dit signaal oppakken."),)


def shares(dealt: Sequence[Dealt], form: DealForm) -> tuple[Share, ...]:
    """How many each of the chosen people gets, by name."""
    got = [gift.to.person for gift in dealt if gift.to is not None]
    chosen = set(form.chosen())
    return tuple(
        Share(form.team.names[hand.actor.id], got.count(hand.actor.id), hand.load)
        for hand in form.team.hands
        if hand.actor.id in chosen
    )


def results(
    found: Sequence[Standing], gifts: Sequence[Gift], outcomes: Sequence[Outcome], names: Mapping[str, str],
    reader: Reader,
) -> list[Line]:  # fmt: skip
    """What became of each that can still be read."""
    became = {one_.signal: one_ for one_ in outcomes}
    went = {gift.seen.signal: gift.to for gift in gifts}
    lines = []
    for one_ in found:
        outcome, to = became[one_.row.id], went[one_.row.id]
        reasons = say(outcome.refused, plan(), reader.language) if outcome.refused else ()
        told = _("was al gegeven aan %(name)s") if outcome.before else _("gegeven aan %(name)s")
        what = "" if reasons else told % {"name": names.get(to.person or "", "")}
        lines.append(line(one_, reader, what=what, reasons=reasons))
    return lines


def gift_token(one_: Standing, to: Holder, reader: Reader) -> str:
    """A line of a preview, signed for this reader: what is shown is what is done, to whom and to nobody else."""
    held = [str(one_.row.id), one_.view.sequence, to.unit, to.person]
    return signing.dumps(held, salt=f"{SALT}.{reader.acting.person}", compress=True)


def gifts_of(values: Sequence[str], reader: Reader) -> tuple[Gift, ...]:
    """The lines of a preview that were signed for this reader, each signal once; others are left aside."""
    found: dict[UUID, Gift] = {}
    for value in values:
        try:
            key, events, unit, person = signing.loads(value, salt=f"{SALT}.{reader.acting.person}")
        except signing.BadSignature:
            continue
        found[UUID(key)] = Gift(Seen(UUID(key), events), Holder(unit, person))
    return tuple(found.values())


TITLE = gettext_lazy("Verdelen over mensen")
