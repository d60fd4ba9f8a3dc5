"""Closed word lists and folding that the pattern language itself needs; all other knowledge stands in the packs."""

from __future__ import annotations

import unicodedata

# Dropped inside a token without ending it (docs/reference/pattern-language.md, section 1).
APOSTROPHES = frozenset("'’‘`ʼ´")

_NUMBERS = (
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig"
)
NUMBER_WORDS: dict[int, str] = dict(enumerate(_NUMBERS.split(), start=1))

# The commonest Dutch function words: a pattern of nothing else would match nearly every text.
_FUNCTION = (
    "de het een en van in is dat op te zijn met voor niet aan er om ook als door dan bij nog naar die deze dit uit "
    "maar of over wel werd worden wordt was waren heeft had hebben hij zij ze haar hem hun ik je we zich wie wat "
    "waar geen al tot na kan zou zal"
)
FUNCTION_WORDS = frozenset(_FUNCTION.split())

# Words that only say that somebody is, has, comes from or speaks something: beside a trait they add no behaviour.
_NEUTRAL = (
    "betreft betrof komt kwam komen kwamen afkomstig spreekt sprak spreken spraken praat gesproken lijkt leek oogt "
    "oogde genaamd alleen nauwelijks slecht gebrekkig gebroken goed beetje weinig machtig afkomst uiterlijk kenteken "
    "nationaliteit taal talen"
)
NEUTRAL_WORDS = FUNCTION_WORDS | frozenset(_NEUTRAL.split())

# Words of every day's registrations. One of them alone says nothing.
_COMMON = (
    "man mannen vrouw vrouwen jongen jongens meisje meisjes kind kinderen persoon personen mensen iemand vader "
    "moeder zoon dochter broer zus partner vriend vriendin buurman buurvrouw bewoner bewoners aangever aangeefster "
    "melder getuige verdachte vdt betrokkene btr slachtoffer so verbalisant collega collegas politie eenheid "
    "melding aangifte controle gesprek onderzoek incident tp straat huis woning kamer deur auto voertuig bus fiets "
    "station winkel school hotel bedrijf werk werken werkt baan baas werkgever werknemer geld euro loon bank pas "
    "telefoon tas foto fotos naam adres dag dagen week weken maand maanden jaar uur uren minuten tijd nacht avond "
    "ochtend vandaag gisteren nu toen later weer alleen samen altijd nooit veel twee drie vier eerste laatste "
    "ander andere gaat ging komt kwam zegt zei gaf geeft staat stond zag ziet weet wist moet moest wil wilde mag mocht "
    "kon konden nam neemt doet deed nederland nederlands stad land thuis buiten binnen boven onder"
)
COMMON_WORDS = FUNCTION_WORDS | frozenset(_COMMON.split())


def fold(text: str) -> str:
    """Fold text as section 1 of the pattern language says, without cutting it into tokens: lower case, no marks.

    Serves pack words only, which are written folded and merely checked; the scanner folds by its shipped table.
    """
    lowered = unicodedata.normalize("NFKD", text.lower())
    kept = (char for char in lowered if not unicodedata.combining(char) and char not in APOSTROPHES)
    return "".join(kept).lower()
