"""Forms of adding a file to a signal, and of erasing one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import Verb
from seinpost.process import commands as c
from seinpost.store.actions.attachments import Upload
from seinpost.web.forms.base import VerbForm, pick, words, yes
from seinpost.web.pages.words import allowed_files
from seinpost.web.uploads import upload_of


class AttachForm(VerbForm):
    """Add a file."""

    verb = Verb.ATTACH
    hint = _("Het bestand blijft zoals het is. Iedere keer dat iemand het ophaalt, wordt vastgelegd.")

    def fill(self) -> None:
        """Ask the file, where it came from, and whether it shows who the source is."""
        # Whether an empty file may be kept is for the process to say, with every other reason.
        self.fields["file"] = forms.FileField(
            label=_("Bestand"),
            help_text=allowed_files(self.desk.plan, self.desk.language),
            allow_empty_file=True,
            max_length=None,
        )
        self.fields["origin"] = words(
            _("Van wie of waarvandaan?"), _("Dit is de eerste regel van de bewaarketen."), required=True
        )
        self.fields["shows_source"] = yes(
            _("Hieruit kan blijken wie de melder of bron is"),
            _("Is de bron beschermd, dan ziet alleen wie daarvoor rechten heeft dit bestand en zijn naam."),
        )
        self.initial.setdefault("shows_source", bool(self.desk.view.compartment))

    @property
    def upload(self) -> Upload:
        """The file that came in. Only of a form that is valid."""
        file = self.cleaned_data["file"]
        file.seek(0)
        return upload_of(file)

    def command(self) -> c.Attach:
        """A file."""
        return self.upload.command(self.cleaned_data["origin"], shows_source=bool(self.cleaned_data["shows_source"]))


class EraseAttachmentForm(VerbForm):
    """Destroy a file that should not be kept."""

    verb = Verb.ERASE_ATTACHMENT
    hint = _("Het bestand en zijn naam worden vernietigd. Dat het er was, van wie, en waarom het weg is, blijft staan.")
    danger = True

    def fill(self) -> None:
        """Ask which, and why."""
        there = [one for one in self.desk.view.attachments if one.erased_at is None]
        listed = [(one.digest, f"{one.number}. {one.digest[:12]}") for one in there]
        self.fields["digest"] = pick(_("Welke bijlage?"), listed)
        self.fields["words"] = words(_("Waarom mag dit bestand niet blijven?"), required=True)

    def command(self) -> c.EraseAttachment:
        """An erasure."""
        return c.EraseAttachment(digest=self.cleaned_data["digest"], words=self.words())
