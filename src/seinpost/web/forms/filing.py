"""The form of one question of the officer's form: what came in is read to a list of texts, or said to be unreadable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from seinpost.packs.procedure.procedure import Prompt
from seinpost.packs.procedure.terms import Ask
from seinpost.process.filing.interview import LONGEST, MOST, Option

ANSWER, ITEM = "answer", "answer-"
SHOWN = 40  # characters of a wrong value that an error repeats


class PromptForm(forms.Form):
    """One question. A list has a field for each person or place that is there, and one more."""

    def __init__(
        self,
        prompt: Prompt,
        options: Sequence[Option],
        language: str,
        data: Mapping[str, Any] | None = None,
        given: Sequence[str] = (),
    ) -> None:
        super().__init__(data)
        self.prompt, self.options, self.language = prompt, options, language
        if prompt.kind is Ask.LIST:
            count = min(len(sent(data) if data is not None else given) + 1, MOST)
            for number in range(count):
                self.fields[f"{ITEM}{number}"] = self.words(given[number] if number < len(given) else "", number == 0)
        else:
            self.fields[ANSWER] = self.field(given)

    def field(self, given: Sequence[str]) -> forms.Field:
        """The field of a question with one answer, or any of its options."""
        choices = [(option.code, option.told(self.language)) for option in self.options]
        if self.prompt.kind is Ask.ONE:
            return forms.ChoiceField(
                required=self.prompt.required, choices=choices, initial=given[0] if given else None,
                widget=forms.RadioSelect, error_messages=self.messages(),
            )  # fmt: skip
        if self.prompt.kind is Ask.SOME:
            return forms.MultipleChoiceField(
                required=self.prompt.required, choices=choices, initial=list(given),
                widget=forms.CheckboxSelectMultiple, error_messages=self.messages(),
            )  # fmt: skip
        return self.words(given[0] if given else "", first=True)

    def words(self, given: str, first: bool) -> forms.CharField:
        """A field for words; only the first of a list can be required."""
        longest = LONGEST[self.prompt.kind]
        line = self.prompt.kind is Ask.LINE
        rows = 8 if self.prompt.kind is Ask.WORDS and self.prompt.required else 4
        return forms.CharField(
            required=self.prompt.required and first,
            max_length=longest,
            initial=given,
            widget=forms.TextInput() if line else forms.Textarea(attrs={"rows": rows}),
            error_messages={
                "required": _("Hier is een antwoord nodig: een paar woorden is genoeg."),
                "max_length": _("Dit is te lang: hoogstens %(limit_value)d tekens, dit zijn er %(show_value)d."),
                "null_characters_not_allowed": _("Hierin staat een teken dat geen letter is; haal het weg."),
            },
        )

    def messages(self) -> dict[str, str]:
        """What a question with options says of an answer it cannot use."""
        allowed = ", ".join(option.told(self.language) for option in self.options)
        return {
            "required": _("Kies een antwoord: %(allowed)s.") % {"allowed": allowed},
            "invalid_choice": _("%(value)s is hier geen antwoord. Kies uit: ") + allowed.replace("%", "%%"),
            "invalid_list": _("Dit is geen keuze. Kies uit: %(allowed)s.") % {"allowed": allowed},
        }

    def answer(self) -> list[str]:
        """The answer as a list of texts. Only of a form that is valid."""
        if self.prompt.kind is Ask.LIST:
            texts = [str(self.cleaned_data[name]).strip() for name in self.fields]
            return [text for text in texts if text]
        value = self.cleaned_data[ANSWER]
        return list(value) if isinstance(value, list) else [value.strip()] if value.strip() else []

    @property
    def grouped(self) -> bool:
        """Whether its fields are one group under the question."""
        return self.prompt.kind in (Ask.ONE, Ask.SOME, Ask.LIST)


def sent(data: Mapping[str, Any]) -> list[str]:
    """The names of the fields of a list that came in, up to the last one that may."""
    return [f"{ITEM}{number}" for number in range(MOST) if f"{ITEM}{number}" in data]
