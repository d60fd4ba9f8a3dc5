"""What every form of a verb shares: made from the procedure for one signal, checked, and turned into one command.

A form asks only whether what came in can be read; whether it may be is `process.decide`'s alone, whose reasons are
shown above the form. So a rule is never written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.procedure import Entry, Label, Procedure
from seinpost.packs.procedure.terms import ListName, Refusal, Verb
from seinpost.process.commands import Command
from seinpost.process.people import Words
from seinpost.process.shapes import Holder, Reason, Refused, SignalView
from seinpost.process.speech import SEPARATOR, say_reason

LONGEST_LINE = 120
DIGITS = 9
LONGEST = 10_000  # characters of one answer in words
Choices = list[tuple[str, str]]
ABOUT = {
    Refusal.DATE_IN_PAST: ("until", "due", "expires"),
    Refusal.DATE_TOO_FAR: ("until", "due", "expires"),
    Refusal.SYSTEM_MISSING: ("system",),
    Refusal.LOOK_UP_WHY: ("purpose", "ground"),
    Refusal.VICTIM_CONTACT_REASON: ("victim_words",),
    Refusal.NOBODY_NAMED: ("people",),
    Refusal.ASSIGNEE_INACTIVE: ("person",),
    Refusal.NOT_IN_NEED_TO_KNOW: ("person", "to", "by"),
    Refusal.JOIN_TARGET: ("other",),
    Refusal.UNKNOWN_SIGNAL: ("other",),
    Refusal.NEVER_SILENT: ("rule",),
    Refusal.ALREADY_SUPPRESSED: ("rule",),
    Refusal.ATTACHMENT_KIND: ("file",),
    Refusal.ATTACHMENT_EMPTY: ("file",),
    Refusal.ATTACHMENT_TOO_LARGE: ("file",),
    Refusal.ATTACHED_ALREADY: ("file",),
}
"""The fields that a refusal is about, where its own parameters do not say so."""
NOT_CHOSEN = {
    Refusal.UNKNOWN_CODE: gettext_noop("Dit kan hier niet: %(choice)s."),
    Refusal.ASSIGNEE_INACTIVE: gettext_noop("Werkt hier niet meer: %(choice)s."),
}
"""What is said of one choice of a field that cannot be."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a form can name, with the unit they act for."""

    id: str
    name: str
    unit: str

    @property
    def holder(self) -> Holder:
        """This person as holder."""
        return Holder(self.unit, self.id)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a form is made from: the signal, the rules, the reader's language, and whom and what it can name.

    `forms`: exploitation forms by code.
    """

    view: SignalView
    plan: Procedure
    language: str
    colleagues: tuple[Colleague, ...] = ()
    units: Mapping[str, str] | None = None
    forms: Mapping[str, str] | None = None

    def told(self, label: Label) -> str:
        """A label of the procedure in the reader's language."""
        return label.told(self.language)

    def listed(self, name: ListName) -> Choices:
        """The entries of a list of the procedure, as choices."""
        return self.entries(self.plan.lists[name].values())

    def entries(self, entries: Iterable[Entry]) -> Choices:
        """Entries as choices."""
        return [(entry.code, self.told(entry.label)) for entry in entries]

    def named(self, kind: str, codes: Iterable[str]) -> Choices:
        """Codes with their names, as choices."""
        return [(code, self.told(self.plan.names[kind][code])) for code in codes]

    def people(self) -> Choices:
        """The colleagues as choices."""
        return [(person.id, person.name) for person in self.colleagues]

    def people_inside(self) -> Choices:
        """The colleagues who can be given work on the signal: of a restricted one only those who may know of it."""
        circle = self.view.need_to_know
        return [choice for choice in self.people() if not circle or choice[0] in circle]

    def colleague(self, id_: str) -> Colleague:
        """The colleague a form named; it was among the choices."""
        return next(person for person in self.colleagues if person.id == id_)


class Keyed(forms.widgets.ChoiceWidget):
    """A list of which the first nine options have a digit as key, where the form says so."""

    keyed = False

    def create_option(self, *args: Any, **more: Any) -> dict[str, Any]:
        """An option, with its key in the page and for its label."""
        option: dict[str, Any] = super().create_option(*args, **more)
        place = int(option["index"]) + 1
        if self.keyed and place <= DIGITS:
            option["key"] = str(place)
            option["attrs"]["data-key"] = option["key"]
        return option


class KeyedRadio(Keyed, forms.RadioSelect):
    """One of a few."""


class KeyedBoxes(Keyed, forms.CheckboxSelectMultiple):
    """Any of a few."""


class VerbForm(forms.Form):
    """A form of one verb. Subclasses add fields in `fill` and make the command in `command`."""

    template_name = "seinpost/forms/form.html"
    verb: ClassVar[Verb]
    hint: ClassVar[Any] = ""
    danger: ClassVar[bool] = False
    fold_title: ClassVar[Any] = ""
    folds: tuple[str, ...] = ()  # names of fields that are asked in some cases only

    def __init__(
        self,
        desk: Desk,
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.desk = desk
        self.fill()
        self.put_keys()

    def put_keys(self) -> None:
        """Let the digits choose in the first list of the form: the reason, the outcome."""
        for field in self.fields.values():
            if isinstance(field.widget, KeyedRadio | KeyedBoxes):
                field.widget.keyed = True
                return

    def fill(self) -> None:
        """Add the fields that depend on the signal and the procedure."""

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that are always asked."""
        return [field for field in self if field.name not in self.folds]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are asked in some cases only."""
        return [field for field in self if field.name in self.folds]

    @property
    def unfold(self) -> bool:
        """Whether the folded fields stand open: something was filled in there, or was wrong."""
        return any(field.errors or field.data for field in self.folded)

    def command(self) -> Command:
        """What the answers ask for. Only of a form that is valid."""
        raise NotImplementedError

    def words(self, name: str = "words") -> Words:
        """An answer in words."""
        return Words(self.cleaned_data[name].strip())


def about(form: forms.Form, reason: Reason) -> tuple[str, ...]:
    """The fields of a form that a refusal is about; none for what no field of it can mend."""
    told = dict(reason.params)
    names = ABOUT.get(Refusal(reason.code), ())
    if reason.code == Refusal.SENTENCE_MISSING.value:
        names = (told["field"], f"words-{told['field']}", f"lead-{told['field']}")
    elif "field" in told:
        names = (told["field"], f"answer-{told['field']}")
    elif reason.code == Refusal.LEADS_MISSING.value:
        names = tuple(f"lead-{code}" for code in told["leads"].split(SEPARATOR))
    return tuple(name for name in names if name in form.fields)


def put(form: forms.Form, refused: Refused, plan: Procedure, language: str) -> tuple[str, ...]:
    """Tell each reason at the fields that it is about; the sentences that are about none."""
    left = []
    for reason in refused.reasons:
        names = about(form, reason)
        for name in names:
            form.add_error(name, not_chosen(form, name, reason) or say_reason(reason, plan, language))
        if not names:
            left.append(say_reason(reason, plan, language))
    return tuple(left)


def not_chosen(form: forms.Form, name: str, reason: Reason) -> str:
    """Which of the choices of a field cannot be, as the form calls it; empty for any other refusal."""
    code = dict(reason.params).get("code")
    if code is None or Refusal(reason.code) not in NOT_CHOSEN:
        return ""
    named = {str(value): str(label) for value, label in getattr(form.fields[name], "choices", ())}
    return gettext(NOT_CHOSEN[Refusal(reason.code)]) % {"choice": named.get(code, code)}


def words(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A field for an answer in words; whether it says enough is for the process to judge."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST, widget=area)


def line(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for a short answer that may stay empty."""
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST_LINE)


def one(
    label: Any, choices: Sequence[tuple[str, str]], help_text: Any = "", *, required: bool = True
) -> forms.ChoiceField:
    """A field for one of a few."""
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text, required=required, widget=KeyedRadio)


def some(label: Any, choices: Sequence[tuple[str, str]], help_text: Any = "") -> forms.MultipleChoiceField:
    """A field for any of a few."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=help_text, required=False, widget=KeyedBoxes
    )


def pick(
    label: Any, choices: Sequence[tuple[str, str]], help_text: Any = "", *, required: bool = True
) -> forms.ChoiceField:
    """A field for one of many."""
    return forms.ChoiceField(label=label, choices=[("", _("Kies …")), *choices], help_text=help_text, required=required)


def day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def yes(label: Any, help_text: Any = "") -> forms.BooleanField:
    """A field to tick."""
    return forms.BooleanField(label=label, help_text=help_text, required=False)
