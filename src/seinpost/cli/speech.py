"""What the command says: Dutch first, English on request; messages to standard error, data to standard output."""

from __future__ import annotations

import os
import sys
from enum import Enum

LANGUAGE_VARIABLE = "SEINPOST_LANG"


class Language(str, Enum):
    """The languages the command speaks."""

    NL = "nl"
    EN = "en"


class Speech:
    """Says things in one language. `interactive` tells whether a person watches standard error."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.interactive = sys.stderr.isatty()

    def pick(self, nl: str, en: str) -> str:
        """The text in the language of this speech."""
        return nl if self.language is Language.NL else en

    def say(self, nl: str, en: str) -> None:
        """Tell something to the person at the terminal."""
        print(self.pick(nl, en), file=sys.stderr, flush=True)

    def number(self, value: float) -> str:
        """Write a whole number with the thousands mark of the language."""
        text = f"{value:,.0f}"
        return text.replace(",", ".") if self.language is Language.NL else text


def language_from_environment() -> Language:
    """The language that SEINPOST_LANG asks for; Dutch when it asks for none we speak."""
    wanted = os.environ.get(LANGUAGE_VARIABLE, "nl").lower()[:2]
    return Language.EN if wanted == "en" else Language.NL


speech = Speech(language_from_environment())
"""The speech of this process; `--lang` sets its language before a command runs."""
