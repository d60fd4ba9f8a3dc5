"""What an overseer asks of a log: whose lines, about which signal, of which kind, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import Verb
from seinpost.process.deadlines import end_of
from seinpost.store.acting import SYSTEM
from seinpost.store.queries.oversight import Wanted
from seinpost.web.forms.base import Choices, day, line
from seinpost.web.logs.records import kinds_told
from seinpost.web.pages.queue import query
from seinpost.web.pages.words import number_of
from seinpost.web.reader import Reader, plan

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
EVERYBODY, EVERYTHING = ("", _("iedereen")), ("", _("alles"))


class LogForm(forms.Form):
    """The filter of a log. It is sent by GET, so that what is shown has an address."""

    def __init__(self, data: Mapping[str, str], people: Choices, kinds: Choices) -> None:
        super().__init__(data)
        self.fields["persoon"] = choice(_("Wie"), [EVERYBODY, *people])
        self.fields["wat"] = choice(_("Wat"), [EVERYTHING, *sorted(kinds, key=lambda one: one[1].lower())])
        for name, label in (("van", _("Van")), ("tot", _("Tot en met"))):
            self.fields[name] = day(label, required=False)
            self.fields[name].validators += [MinValueValidator(FIRST), MaxValueValidator(LAST)]

    def clean(self) -> dict[str, object]:
        """Check that the period does not end before it begins."""
        got = super().clean() or {}
        if got.get("van") and got.get("tot") and got["tot"] < got["van"]:
            self.add_error("tot", _("De laatste dag ligt voor de eerste."))
        return got

    @property
    def asked(self) -> dict[str, str]:
        """What the address of this question holds, for the links to other pages of it."""
        return {name: str(self.data.get(name, ""))[:80] for name in self.fields if self.data.get(name)}

    def address(self, page: int) -> str:
        """The address of another page of the same question; empty for none."""
        return query({**self.asked, "bladzijde": str(page)}) if page else ""

    def wanted(self) -> Wanted:
        """What is asked for. Only of a form that is valid."""
        got = self.cleaned_data
        return Wanted(
            person=got["persoon"],
            kind=got["wat"],
            since=start_of(got["van"]) if got["van"] else None,
            until=end_of(got["tot"]) if got["tot"] else None,
        )


class LookForm(LogForm):
    """The filter of the view log; `find` tells the key of the signal with a number, None for none."""

    field_order = ("persoon", "signaal", "wat", "van", "tot")

    def __init__(
        self, data: Mapping[str, str], people: Choices, reader: Reader, find: Callable[[int], UUID | None]
    ) -> None:
        told = plan().names["verb"]
        super().__init__(data, people, [(verb.value, told[verb.value].told(reader.language)) for verb in Verb])
        self.fields["signaal"] = line(_("Signaal"))
        self.order_fields(self.field_order)
        self.find = find

    def clean_signaal(self) -> UUID | None:
        """The key of the signal that was typed: its number as people write it, or the key itself."""
        typed: str = self.cleaned_data["signaal"].strip()
        number = number_of(typed)
        key = self.find(number) if number is not None else key_of(typed)
        if typed and key is None:
            raise forms.ValidationError(_("Er is geen signaal met dit nummer. Schrijf het zoals P-000123, of 123."))
        return key

    def wanted(self) -> Wanted:
        """What is asked for. Only of a form that is valid."""
        rest = super().wanted()
        return Wanted(rest.person, rest.kind, rest.since, rest.until, self.cleaned_data["signaal"])


class RecordForm(LogForm):
    """The filter of what was recorded about no signal; the system records too."""

    def __init__(self, data: Mapping[str, str], people: Choices) -> None:
        super().__init__(data, [*people, (SYSTEM, str(_("Het systeem")))], list(kinds_told().items()))


def choice(label: object, choices: Sequence[tuple[str, object]]) -> forms.ChoiceField:
    """One of many, or all of them."""
    return forms.ChoiceField(label=label, choices=choices, required=False)  # type: ignore[arg-type]


def key_of(text: str) -> UUID | None:
    """A key, None for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def start_of(first: date) -> datetime:
    """The first moment of a local day."""
    return end_of(first - timedelta(days=1))
