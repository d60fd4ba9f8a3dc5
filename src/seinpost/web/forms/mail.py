"""When somebody wants mail, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from seinpost.store.models import Person
from seinpost.web.forms.base import pick
from seinpost.web.forms.people import PlainForm

NEVER = "nooit"


class MailForm(PlainForm):
    """The address and the hour of the digest of one person."""

    address = forms.EmailField(
        label=_("E-mailadres van uw werk"), required=False, max_length=254, help_text=_("Leeg: u krijgt geen mail.")
    )

    def __init__(self, data: Mapping[str, Any] | None, person: Person) -> None:
        super().__init__(data)
        hours = [(NEVER, str(_("geen dagoverzicht"))), *((str(hour), f"{hour}:00") for hour in range(24))]
        self.fields["hour"] = pick(_("Dagoverzicht vanaf"), hours)
        self.fields["hour"].help_text = _("Wat niet dringend is komt een keer per dag, als er iets is.")
        kept = NEVER if person.digest_hour is None else str(person.digest_hour)
        self.initial = {"address": person.email, "hour": kept}

    def clean_address(self) -> str:
        """Check that mail may go there: to domains of the service's own only."""
        address: str = self.cleaned_data["address"]
        if address and not settings.ENVIRONMENT.may_mail_to(address):
            domains = ", ".join(settings.ENVIRONMENT.mail_domains)
            raise forms.ValidationError(_("Mail gaat alleen naar: %(domains)s.") % {"domains": domains})
        return address

    def hour(self) -> int | None:
        """The hour of the digest. Only of a form that is valid."""
        chosen = self.cleaned_data["hour"]
        return None if chosen == NEVER else int(chosen)
