"""Forms of whoever manages people: somebody new, a right, a training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import ListName, Processing, Purpose, Role, Task
from seinpost.store.actions.people import Right
from seinpost.store.actions.staff import useful_purposes
from seinpost.web.forms.base import day, one, pick, some, words
from seinpost.web.reader import Reader, names, plan

DAYS = 3700  # the longest period of a right or a training


WHO_TOLD = _("Wie het vertelde zien, bij signalen uit deze compartimenten; alleen voor een rechercheur of coördinator.")


WHICH_FORMS = _(
    "Geen gekozen: elke vorm. Signalen zonder vorm, en wat al van deze persoon is, blijven altijd bereikbaar."
)
WHY_ASKED = _("Voor wie erover beslist: een nieuw of ruimer recht geldt pas als een tweede persoon instemt.")


class PlainForm(forms.Form):
    """A form that is about no signal."""

    template_name = "seinpost/forms/form.html"
    folded = ()

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields."""
        return list(self)


class PersonForm(PlainForm):
    """Somebody new."""

    login = forms.RegexField(
        r"\A[a-z0-9][a-z0-9._@-]{2,99}\Z",
        label=_("Inlognaam"),
        help_text=_("Kleine letters, cijfers, punt, streepje of @; ten minste drie tekens."),
        max_length=100,
    )
    name = forms.CharField(label=_("Naam"), help_text=_("Zoals collega's die zien."), max_length=150)
    email = forms.EmailField(
        label=_("E-mailadres"),
        help_text=_("Voor berichten, en om deze persoon te herkennen die via de dienst zelf inlogt."),
        max_length=254,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, units: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["unit"] = pick(_("Eenheid"), list(units.items()))


class RightForm(PlainForm):
    """A right: role x task x processing x units x purposes x period."""

    def __init__(self, data: Mapping[str, Any] | None, units: Mapping[str, str], reader: Reader) -> None:
        super().__init__(data)
        today = timezone.localdate(reader.now)
        self.fields["role"] = pick(_("Rol"), told("role", [r for r in Role if r is not Role.SYSTEM], reader))
        self.fields["task"] = one(_("Taak"), told("task", Task, reader))
        self.fields["processing"] = one(_("Regime"), told("processing", Processing, reader))
        self.fields["purposes"] = some(_("Doelen"), told("purpose", useful_purposes(), reader))
        self.fields["purposes"].required = True
        self.fields["units"] = some(_("Eenheden"), list(units.items()), _("Geen gekozen: de hele dienst."))
        forms_named = [(code, name[reader.language == "en"]) for code, name in names()["form"].items()]
        self.fields["forms"] = some(_("Vormen van uitbuiting"), forms_named, WHICH_FORMS)
        self.fields["compartments"] = some(_("Beschermde bronnen"), compartments(reader), WHO_TOLD)
        self.fields["starts"] = day(_("Vanaf"))
        self.fields["ends"] = day(_("Tot en met"))
        self.fields["words"] = words(_("Toelichting"), WHY_ASKED)
        self.initial = {"starts": today, "ends": today + timedelta(days=365)}
        self.now = reader.now

    def clean(self) -> dict[str, Any]:
        """Check the period: it does not end before it starts or in the past, and is not for ever."""
        got = super().clean() or {}
        starts, ends, today = got.get("starts"), got.get("ends"), timezone.localdate(self.now)
        if starts and ends:
            if ends < max(starts, today):
                self.add_error("ends", _("De laatste dag ligt voor de eerste, of is al voorbij."))
            elif ends > today + timedelta(days=DAYS) or starts < today - timedelta(days=DAYS):
                self.add_error("ends", _("Een recht duurt ten hoogste tien jaar."))
        return got

    def right(self) -> Right:
        """The right that was asked for. Only of a form that is valid."""
        got = self.cleaned_data
        return Right(
            role=Role(got["role"]),
            task=Task(got["task"]),
            processing=Processing(got["processing"]),
            purposes=frozenset(map(Purpose, got["purposes"])),
            units=tuple(got["units"]) or None,
            compartments=tuple(got["compartments"]),
            forms=tuple(got["forms"]) or None,
            starts=midnight(got["starts"]),
            ends=midnight(got["ends"] + timedelta(days=1)),
        )


class TrainingForm(PlainForm):
    """Until when the training on signals counts."""

    until = day(_("Training geldig tot en met"))

    def clean_until(self) -> Any:
        """Check that it is no day of another age."""
        until = self.cleaned_data["until"]
        if abs((until - timezone.localdate()).days) > DAYS:
            raise forms.ValidationError(_("Die dag ligt te ver weg."))
        return until

    def first_day_after(self) -> date:
        """The first day on which it no longer counts."""
        until: date = self.cleaned_data["until"]
        return until + timedelta(days=1)


def midnight(day: Any) -> datetime:
    """The start of a day where the service is."""
    return timezone.make_aware(datetime.combine(day, time()))


def compartments(reader: Reader) -> list[tuple[str, str]]:
    """The compartments of protected sources, as choices."""
    return [(code, entry.label.told(reader.language)) for code, entry in plan().lists[ListName.COMPARTMENTS].items()]


def told(kind: str, terms: Any, reader: Reader) -> list[tuple[str, str]]:
    """Terms with their names, as choices."""
    return [(term.value, plan().names[kind][term.value].told(reader.language)) for term in terms]
