"""Forms of whoever manages the keys of machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seinpost.store.machines.keys import LONGEST_DAYS, LONGEST_NAME, LONGEST_OVERLAP, SOURCE, Protection
from seinpost.store.queries.drafts import SOURCE as FORM
from seinpost.web.forms.base import pick
from seinpost.web.forms.people import PlainForm, compartments
from seinpost.web.reader import Reader

PROTECTED = _("Gekozen: de inhoud is leesbaar, de bron alleen voor wie een recht op het compartiment heeft.")
IDENTIFIES = _("Namen van bewaarde kolommen, met komma's. Leeg bij een beschermde bron: elke bewaarde kolom.")


class KeyForm(PlainForm):
    """A new key."""

    name = forms.CharField(
        label=_("Naam"), help_text=_("Welk systeem hem gebruikt, zoals u het herkent."), max_length=LONGEST_NAME
    )
    source = forms.RegexField(
        rf"\A{SOURCE.pattern}\Z",
        label=_("Bron"),
        help_text=_(
            "Kleine letters en cijfers, zoals bvh. De sleutel kan alleen registraties van deze bron aanbieden."
        ),
        max_length=80,
    )
    days = forms.IntegerField(label=_("Dagen geldig"), initial=LONGEST_DAYS, min_value=1, max_value=LONGEST_DAYS)

    def __init__(self, data: Mapping[str, Any] | None, units: Mapping[str, str], reader: Reader) -> None:
        super().__init__(data)
        self.fields["unit"] = pick(_("Eenheid die de signalen krijgt"), list(units.items()))
        self.fields["protected"] = pick(_("Beschermde bron"), compartments(reader), PROTECTED, required=False)
        self.fields["identifies"] = forms.CharField(
            label=_("Kolommen die zeggen wie de bron is"), help_text=IDENTIFIES, max_length=400, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Refuse identifying columns of a source that is open: they would hide nothing."""
        got = super().clean() or {}
        if got.get("identifies", "").strip() and not got.get("protected"):
            self.add_error("identifies", _("Kies eerst het compartiment van de bron."))
        return got

    @property
    def protection(self) -> Protection:
        """Whether its source is protected, and by which columns it would be known."""
        named = (part.strip() for part in self.cleaned_data["identifies"].split(","))
        return Protection(self.cleaned_data["protected"], tuple(part[:80] for part in named if part))

    def clean_source(self) -> str:
        """Refuse the source that the officer's form files under."""
        source: str = self.cleaned_data["source"]
        if source == FORM:
            raise forms.ValidationError(_("Deze bron is van het meldformulier."))
        return source

    @property
    def period(self) -> timedelta:
        """How long it is valid."""
        return timedelta(days=self.cleaned_data["days"])


class RotateForm(PlainForm):
    """A key in place of another."""

    overlap = forms.IntegerField(
        label=_("Dagen dat de oude nog werkt"),
        help_text=_("Tijd om het systeem om te zetten. Met 0 werkt de oude meteen niet meer."),
        initial=7,
        min_value=0,
        max_value=LONGEST_OVERLAP.days,
    )

    @property
    def period(self) -> timedelta:
        """How long the old one goes on working."""
        return timedelta(days=self.cleaned_data["overlap"])
