"""Forms of reading and deciding what a registration is."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import ListName, Phase, Verb
from seinpost.process import commands as c
from seinpost.process.events import SAMPLE
from seinpost.process.shapes import Holder, SignalView
from seinpost.web.forms.base import VerbForm, day, one, pick, some, words
from seinpost.web.pages.words import number_of


class ConfirmForm(VerbForm):
    """Call it a signal."""

    verb = Verb.CONFIRM
    hint = _("Twijfel is genoeg. Wat er met een signaal gebeurt wordt later gewogen.")

    def fill(self) -> None:
        """Ask the forms of exploitation and, if one likes, why."""
        forms = self.desk.forms or {}
        self.fields["forms"] = some(_("Vormen van uitbuiting die kunnen spelen"), list(forms.items()))
        self.fields["words"] = words(_("Toelichting"), _("Mag leeg blijven."))
        self.initial.setdefault("forms", sorted(self.desk.view.forms))

    def command(self) -> c.Confirm:
        """A confirmation."""
        return c.Confirm(forms=tuple(self.cleaned_data["forms"]), words=self.words())


class DismissForm(VerbForm):
    """Find that it is no signal."""

    verb = Verb.DISMISS
    hint = _("De registratie blijft bewaard en een deel wordt door een ander nagelezen.")

    def fill(self) -> None:
        """Ask the reason of the list."""
        self.fields["reason"] = one(_("Waarom geen signaal?"), self.desk.listed(ListName.DISMISSAL))
        self.fields["words"] = words(_("Toelichting"), _("Verplicht bij “Anders, namelijk”."))

    def command(self) -> c.Dismiss:
        """A dismissal."""
        return c.Dismiss(reason=self.cleaned_data["reason"], words=self.words())


class UnsureForm(VerbForm):
    """Leave it to a second reader."""

    verb = Verb.UNSURE
    hint = _("Een collega leest het opnieuw, zonder uw naam erbij als eerste te zien.")

    def fill(self) -> None:
        """Ask what one doubts."""
        self.fields["words"] = words(_("Waar twijfelt u over?"), _("Mag leeg blijven."))

    def command(self) -> c.Unsure:
        """A doubt."""
        return c.Unsure(words=self.words())


class PostponeForm(VerbForm):
    """Look again on a day."""

    verb = Verb.POSTPONE
    hint = _("Het signaal verdwijnt tot die dag uit de wachtrij en komt dan bovenaan terug.")

    def fill(self) -> None:
        """Ask the day and the reason."""
        self.fields["until"] = day(_("Terug op"))
        self.fields["words"] = words(_("Waarom later?"), required=True)

    def command(self) -> c.Postpone:
        """A diary date."""
        return c.Postpone(until=self.cleaned_data["until"], words=self.words())


class AssignForm(VerbForm):
    """Give it to a unit or a person."""

    verb = Verb.ASSIGN

    def fill(self) -> None:
        """Ask to whom."""
        self.fields["unit"] = pick(_("Eenheid"), list((self.desk.units or {}).items()))
        self.fields["person"] = pick(
            _("Persoon"), self.desk.people_inside(), _("Leeg: de wachtrij van de eenheid."), required=False
        )
        self.fields["words"] = words(_("Toelichting"), _("Mag leeg blijven."))
        self.initial.setdefault("unit", self.desk.view.unit)

    def clean(self) -> None:
        """A person must be of the unit that is named."""
        person = self.cleaned_data.get("person")
        if person and self.desk.colleague(person).unit != self.cleaned_data.get("unit"):
            self.add_error("person", _("Deze persoon werkt niet in die eenheid."))

    def command(self) -> c.Assign:
        """An assignment."""
        to = Holder(self.cleaned_data["unit"], self.cleaned_data["person"] or None)
        return c.Assign(to=to, to_service=self.desk.view.service, words=self.words())


class ReleaseForm(VerbForm):
    """Give it back to the queue."""

    verb = Verb.RELEASE

    def fill(self) -> None:
        """Ask what the next reader should know."""
        self.fields["words"] = words(_("Wat moet de volgende weten?"), _("Mag leeg blijven."))

    def command(self) -> c.Release:
        """A return."""
        return c.Release(words=self.words())


class JoinForm(VerbForm):
    """Let it go on inside another signal; the view looks that one up by the reference people type."""

    verb = Verb.JOIN
    hint = _("Dit signaal gaat verder in het andere. Het blijft te lezen en kan weer op zichzelf worden gezet.")

    def fill(self) -> None:
        """Ask which."""
        label = _("Hoort bij signaal")
        self.fields["other"] = CharField(label=label, max_length=20, help_text=_("Bijvoorbeeld P-000123."))
        self.fields["words"] = words(_("Waarom horen zij bij elkaar?"), _("Mag leeg blijven."))

    def clean_other(self) -> int:
        """The number in the reference."""
        number = number_of(self.cleaned_data["other"])
        if number is None:
            raise ValidationError(_("Dit is geen signaalnummer (bijvoorbeeld P-000123)."))
        return number

    def joining(self, target: SignalView) -> c.Join:
        """A join to a signal that was found."""
        return c.Join(target=target, words=self.words())


class UndoForm(VerbForm):
    """Take the last decision back."""

    verb = Verb.UNDO

    def fill(self) -> None:
        """Ask, if one likes, why."""
        self.fields["words"] = words(_("Waarom?"), _("Mag leeg blijven."))

    def command(self) -> c.Undo:
        """A decision taken back."""
        return c.Undo(words=self.words())


class ReopenForm(VerbForm):
    """Let it go on again."""

    verb = Verb.REOPEN

    def fill(self) -> None:
        """Ask the ground."""
        weighed = self.desk.view.phase is Phase.WEIGHED
        asked = _("Waarom opnieuw wegen?") if weighed else _("Waarom heropenen?")
        self.fields["ground"] = one(
            asked, [choice for choice in self.desk.listed(ListName.REOPENING) if choice[0] != SAMPLE]
        )
        self.fields["words"] = words(_("Wat is er nieuw?"), required=True)

    def command(self) -> c.Reopen:
        """A reopening."""
        return c.Reopen(ground=cast(str, self.cleaned_data["ground"]), words=self.words())
