"""Every sentence the score can say, in plain Dutch (B1) and English; fixed, so each can be checked.

A sentence of an indicator is its `why` clause from the pack inside one of the frames below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seinpost.packs.pack import Indicator, Pack
from seinpost.score.passes.rules import ILO_DIMENSIONS, Variant
from seinpost.score.resemblance import SituationName
from seinpost.types import Context, Dimension, Form, Layer, Strength

FOUND_FRAMES: tuple[tuple[str, str, str], ...] = (
    ("found", "{Why}.", "{Why}."),
    ("again", "Nog een keer: {why}. Dit telt niet dubbel.", "Once more: {why}. This does not count twice."),
    (
        "capped",
        "{Why}. Naast een andere zwakke aanwijzing telt dit niet extra.",
        "{Why}. Beside another weak indicator this adds nothing.",
    ),
    ("marks", "{Why}. Dit helpt bij het lezen en telt niet mee.", "{Why}. This helps the reader and does not count."),
    (
        "minor",
        "Het gaat om een minderjarige. Daarom telt dit zwaarder: {why}.",
        "A minor is concerned. So this counts for more: {why}.",
    ),
)
"""Frames by Variant: key, Dutch, English."""

COUNTER_FRAMES: dict[Context, tuple[str, str]] = {
    Context.AFFIRMED: ("{Why}.", "{Why}."),
    Context.NEGATED: (
        "De tekst zegt dat dit niet zo is: {why}.",
        "The text says that this is not so: {why}.",
    ),
    Context.TEMPLATE: (
        "Dit staat in een les, beleid of een vaste tekst en gaat niet over deze gebeurtenis: {why}.",
        "This is from training, policy or a standard text, not about this event: {why}.",
    ),
    Context.EXCLUDED_BY_OFFICER: (
        "De schrijver heeft dit nagegaan en sluit het uit: {why}.",
        "The writer checked this and rules it out: {why}.",
    ),
    Context.HYPOTHETICAL: (
        "Dit is een mogelijkheid of een waarschuwing, geen feit: {why}.",
        "This is a possibility or a warning, not a fact: {why}.",
    ),
    Context.HISTORICAL: ("Dit is langer geleden: {why}.", "This is from longer ago: {why}."),
    Context.OTHER_PERSON: (
        "Dit gaat over iemand anders of komt van horen zeggen: {why}.",
        "This is about someone else, or hearsay: {why}.",
    ),
    Context.DENIED_BY_PERSON: (
        "De persoon ontkent dit of noemt het vrijwillig: {why}.",
        "The person denies this or calls it voluntary: {why}.",
    ),
    Context.OTHER_MEANING: (
        "De woorden betekenen hier iets anders: {why}.",
        "The words mean something else here: {why}.",
    ),
}

CONTEXT_NAMES: dict[Context, tuple[str, str]] = {
    Context.AFFIRMED: ("bevestigd", "affirmed"),
    Context.NEGATED: ("ontkend in de tekst", "negated"),
    Context.TEMPLATE: ("vaste tekst of les", "template or training"),
    Context.EXCLUDED_BY_OFFICER: ("uitgesloten door de schrijver", "ruled out by the officer"),
    Context.HYPOTHETICAL: ("mogelijkheid, geen feit", "hypothetical"),
    Context.HISTORICAL: ("langer geleden", "historical"),
    Context.OTHER_PERSON: ("iemand anders", "someone else"),
    Context.DENIED_BY_PERSON: ("ontkend door de persoon", "denied by the person"),
    Context.OTHER_MEANING: ("andere betekenis", "other meaning"),
}

FORM_NAMES: dict[Form, tuple[str, str]] = {
    Form.SEXUAL: ("seksuele uitbuiting", "sexual exploitation"),
    Form.LABOUR: ("arbeidsuitbuiting", "labour exploitation"),
    Form.CRIMINAL: ("criminele uitbuiting", "forced criminality"),
    Form.DOMESTIC: ("huishoudelijke uitbuiting", "domestic servitude"),
    Form.BEGGING: ("gedwongen bedelen", "forced begging"),
    Form.ORGAN: ("orgaanverwijdering", "organ removal"),
    Form.MARRIAGE: ("gedwongen huwelijk of verkoop", "forced marriage or sale"),
    Form.SERVICES: ("gedwongen diensten op naam", "forced services in one's name"),
}

DIMENSION_NAMES: dict[Dimension, tuple[str, str]] = {
    Dimension.DECEPTIVE_RECRUITMENT: ("misleiding bij het werven", "deceptive recruitment"),
    Dimension.COERCIVE_RECRUITMENT: ("dwang bij het werven", "coercive recruitment"),
    Dimension.ABUSE_AT_RECRUITMENT: (
        "misbruik van een zwakke positie bij het werven",
        "abuse of vulnerability at recruitment",
    ),
    Dimension.EXPLOITATION: ("uitbuiting", "exploitation"),
    Dimension.COERCION_AT_DESTINATION: ("dwang ter plaatse", "coercion at destination"),
    Dimension.ABUSE_AT_DESTINATION: (
        "misbruik van een zwakke positie ter plaatse",
        "abuse of vulnerability at destination",
    ),
    Dimension.ACT: ("handeling: werven, vervoeren of huisvesten", "act: recruiting, moving or housing"),
    Dimension.PRESENTATION: ("hoe iemand zich gedraagt of eruitziet", "how a person presents"),
    Dimension.META: ("melding of verwijzing", "report or reference"),
}

LAYER_NAMES: dict[Layer, tuple[str, str]] = {
    Layer.A: ("laag A: eerst lezen", "layer A: read first"),
    Layer.B: ("laag B: lezen", "layer B: read"),
    Layer.C: ("laag C: lezen als het kan", "layer C: read when possible"),
    Layer.D: ("laag D: bewaren voor koppeling en steekproef", "layer D: kept for linking and control samples"),
    Layer.NONE: ("niet aangemerkt", "not flagged"),
}

STRENGTH_NAMES: dict[Strength, tuple[str, str]] = {
    Strength.STRONG: ("sterk", "strong"),
    Strength.MEDIUM: ("middel", "medium"),
    Strength.WEAK: ("zwak", "weak"),
    Strength.CONTEXT: ("context", "context"),
}

CAUSE_SENTENCES: dict[str, tuple[str, str]] = {
    "none": ("Te weinig voor een laag.", "Too little for any layer."),
    "A1": (
        "Er zijn genoeg aanwijzingen van een dwangmiddel, en ook van uitbuiting.",
        "Enough points to a means of coercion, and to exploitation.",
    ),
    "A2": (
        "Het gaat om een minderjarige met een sterke aanwijzing van uitbuiting; dwang is dan niet nodig.",
        "A minor is concerned, with a strong indicator of exploitation; coercion is then not needed.",
    ),
    "A3": (
        "De persoon verklaart zelf uitgebuit te zijn en er is nog een sterke aanwijzing.",
        "The person says so, and there is another strong indicator.",
    ),
    "A4": ("Een zware combinatie van aanwijzingen.", "A grave combination of indicators."),
    "A5": ("De score is hoog genoeg voor laag A.", "The score is high enough for layer A."),
    "B1": (
        "Binnen één ILO-dimensie zijn er genoeg aanwijzingen.",
        "Within one ILO dimension there are enough indicators.",
    ),
    "B2": ("Twee sterke aanwijzingen van verschillende soort.", "Two strong indicators of different dimensions."),
    "B3": (
        "Eén sterke aanwijzing met minstens twee middelsterke.",
        "One strong indicator with at least two medium ones.",
    ),
    "B4": (
        "Een combinatie van aanwijzingen die samen zwaar tellen.",
        "A combination of indicators that weighs heavily.",
    ),
    "B5": ("De score is hoog genoeg voor laag B.", "The score is high enough for layer B."),
    "C1": ("Eén sterke aanwijzing is genoeg om te lezen.", "One strong indicator is enough to be read."),
    "C2": ("Twee middelsterke aanwijzingen van verschillende soort.", "Two medium indicators of different families."),
    "C3": ("Een combinatie van aanwijzingen.", "A combination of indicators."),
    "C4": ("De score is hoog genoeg voor laag C.", "The score is high enough for layer C."),
    "C5": ("Een zin lijkt sterk op een bekende situatie.", "A sentence strongly resembles a known situation."),
    "D1": ("Eén middelsterke aanwijzing.", "One medium indicator."),
    "D2": ("De score is hoog genoeg voor laag D.", "The score is high enough for layer D."),
    "D3": ("Een zin lijkt op een bekende situatie.", "A sentence resembles a known situation."),
}


@dataclass(frozen=True, slots=True)
class Sentences:
    """Three columns of equal length: stable key, Dutch, English; the kernel stores the index."""

    key: tuple[str, ...]
    nl: tuple[str, ...]
    en: tuple[str, ...]


def build_sentences(pack: Pack, situations: Sequence[SituationName], *, encoder: bool = False) -> Sentences:
    """All sentences of a pack, in the kernel's order: indicators x variants, dimensions, combinations, resemblance, and
    those of the third reader where there is one.
    """
    lines = [line for indicator in pack.indicators for line in indicator_lines(indicator)]
    for dimension in ILO_DIMENSIONS:
        nl, en = DIMENSION_NAMES[dimension]
        lines.append(
            (f"dimension/{dimension.value}", f"Genoeg aanwijzingen voor: {nl}.", f"Enough indicators for: {en}.")
        )
    lines += [
        (f"combination/{c.id}", f"Samen zegt dit meer: {c.name_nl}.", f"Together this says more: {c.name_en}.")
        for c in pack.combinations
    ]
    lines.append(("resemblance", "Een zin lijkt op een bekende situatie.", "A sentence resembles a known situation."))
    lines += [
        (
            f"resemblance/{situation.id}",
            f"Deze zin lijkt op een bekende situatie: {lowered(situation.why_nl)}.",
            f"This sentence resembles known situation {situation.id} (in Dutch: {lowered(situation.why_nl)}).",
        )
        for situation in situations
    ]
    lines += encoder_lines(situations) if encoder else []
    return Sentences(*(tuple(line[part] for line in lines) for part in range(3)))


def encoder_lines(situations: Sequence[SituationName]) -> list[tuple[str, str, str]]:
    """What the third reader says, of no situation in particular first."""
    lines = [
        (
            "encoder",
            "De derde lezer vindt het stuk als geheel meer op bekende situaties lijken.",
            "The third reader finds the passage as a whole more like known situations.",
        )
    ]
    lines += [
        (
            f"encoder/{situation.id}",
            "De derde lezer vindt het stuk als geheel meer lijken op een bekende situatie: "
            f"{lowered(situation.why_nl)}.",
            f"The third reader finds the passage as a whole more like known situation {situation.id} "
            f"(in Dutch: {lowered(situation.why_nl)}).",
        )
        for situation in situations
    ]
    return lines


def indicator_lines(indicator: Indicator) -> list[tuple[str, str, str]]:
    """The sentences of one indicator, in the order of Variant and Context."""
    lines = [
        (f"{key}/{indicator.code}", framed(nl, indicator.why_nl), framed(en, indicator.why_en))
        for key, nl, en in FOUND_FRAMES
    ]
    if len(lines) != Variant.COUNTER:
        raise AssertionError("a variant without a frame")
    for context, (nl, en) in COUNTER_FRAMES.items():
        key = f"{context.name.lower()}/{indicator.code}"
        lines.append((key, framed(nl, indicator.why_nl), framed(en, indicator.why_en)))
    return lines


def framed(frame: str, why: str) -> str:
    """Put a clause into a frame, with a capital where it opens the sentence."""
    clause = why.rstrip(". ")
    return frame.format(why=clause, Why=clause[:1].upper() + clause[1:])


def lowered(text: str) -> str:
    """Take the closing stop off, and the opening capital unless the first word is written in capitals."""
    text = text.rstrip(". ")
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text


FAINT = -2
"""In place of a situation: a resemblance that counts, too faint to name a situation."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What the one sentence of a signal depends on: indicator and situation indexes, how many more stand."""

    top: tuple[int, ...]
    more: int
    minor: bool
    known: bool
    situation: int | None  # None: no resemblance; -1: one to no situation in particular; FAINT: a faint one


def reason_nl(pack: Pack, situations: Sequence[SituationName], reason: Reason) -> str:
    """The one Dutch sentence that says why a registration is flagged."""
    parts = [pack.indicators[i].why_nl.rstrip(". ") for i in reason.top]
    if reason.more:
        parts.append(f"en nog {reason.more} andere {'aanwijzing' if reason.more == 1 else 'aanwijzingen'}")
    if reason.minor and not any(pack.indicators[i].code in pack.scoring.minor_indicators for i in reason.top):
        parts.append("het gaat om een minderjarige")
    if reason.situation is not None:
        much = "een beetje op" if reason.situation == FAINT else "op"
        like = f"een zin lijkt {much} een bekende situatie"
        parts.append(like if reason.situation < 0 else f"{like}: {lowered(situations[reason.situation].why_nl)}")
    if reason.known and not any(pack.indicators[i].code in pack.scoring.known_indicators for i in reason.top):
        parts.append("de zaak is misschien al bekend")
    return (
        f"Gevonden: {'; '.join(parts)}." if parts else "Gevonden: losse aanwijzingen die samen genoeg zijn om te lezen."
    )


def reason_en(pack: Pack, situations: Sequence[SituationName], reason: Reason) -> str:
    """The one English sentence that says why a registration is flagged."""
    parts = [pack.indicators[i].why_en.rstrip(". ") for i in reason.top]
    if reason.more:
        parts.append(f"and {reason.more} more {'indicator' if reason.more == 1 else 'indicators'}")
    if reason.minor and not any(pack.indicators[i].code in pack.scoring.minor_indicators for i in reason.top):
        parts.append("a minor is concerned")
    if reason.situation is not None:
        much = "faintly resembles" if reason.situation == FAINT else "resembles"
        like = f"a sentence {much} a known situation"
        parts.append(like if reason.situation < 0 else f"{like} ({situations[reason.situation].id})")
    if reason.known and not any(pack.indicators[i].code in pack.scoring.known_indicators for i in reason.top):
        parts.append("the matter may already be known")
    return (
        f"Found: {'; '.join(parts)}." if parts else "Found: separate indications that together are enough to be read."
    )


MISSING_FRAMES: dict[str, tuple[str, str]] = {
    "nothing": ("Er is geen enkele bekende aanwijzing gevonden.", "No known indicator was found."),
    "damped": (
        "Gevonden maar niet meegeteld ({context}): {name}.",
        "Found but not counted ({context_en}): {name_en}.",
    ),
    "medium": ("Nodig: één middelsterke aanwijzing.", "Needed: one medium indicator."),
    "strong": ("Nodig: één sterke aanwijzing.", "Needed: one strong indicator."),
    "two_mediums": (
        "Of: twee middelsterke aanwijzingen uit verschillende groepen.",
        "Or: two medium indicators of different families.",
    ),
    "other_medium": (
        "Of: nog één middelsterke aanwijzing uit een andere groep.",
        "Or: one more medium indicator of another family.",
    ),
    "combination": (
        "Of: nog één van {codes}, voor de combinatie “{name}”.",
        "Or: one more of {codes}, for the combination “{name_en}”.",
    ),
    "resemblance": (
        "Of: een zin die minstens {bar:.2f} op een bekende situatie lijkt (nu {now:.2f}).",
        "Or: a sentence that resembles a known situation by at least {bar:.2f} (now {now:.2f}).",
    ),
    "resemblance_unknown": (
        "Onbekend: of een zin op een bekende situatie lijkt; de tweede lezer heeft niet gelezen.",
        "Unknown: whether a sentence resembles a known situation; the second reader did not read.",
    ),
    "minimum": (
        "Of: een score van minstens {bar:.2f} (nu {now:.2f}).",
        "Or: a score of at least {bar:.2f} (now {now:.2f}).",
    ),
    "strong_elsewhere": (
        "Nodig: een tweede sterke aanwijzing, uit een andere ILO-dimensie.",
        "Needed: a second strong indicator, of another ILO dimension.",
    ),
    "two_mediums_beside": (
        "Of: naast de sterke aanwijzing twee middelsterke.",
        "Or: two medium indicators beside the strong one.",
    ),
    "dimension": ("Of: binnen “{name}” nog {more}.", "Or: within “{name_en}” {more_en} more."),
    "exploitation": (
        "Nodig: een sterke aanwijzing van uitbuiting zelf, of genoeg aanwijzingen daarvoor samen.",
        "Needed: a strong indicator of exploitation itself, or enough indicators of it together.",
    ),
    "means": (
        "Nodig: genoeg aanwijzingen van een dwangmiddel (één ILO-dimensie van werven of dwang).",
        "Needed: enough indicators of a means of coercion (one ILO dimension of recruitment or coercion).",
    ),
    "statement": (
        "Of: een eigen verklaring van de persoon, naast een sterke aanwijzing.",
        "Or: the person's own statement, beside a strong indicator.",
    ),
}
"""What was missing for a higher layer: key to Dutch and English."""

MORE: dict[str, tuple[str, str]] = {
    "any": ("één aanwijzing", "one indicator"),
    "strong_or_two": ("één sterke of twee middelsterke aanwijzingen", "one strong or two medium indicators"),
}

ELEMENT_NAMES: dict[str, tuple[str, str]] = {
    "handeling": ("handeling", "act"),
    "dwangmiddel": ("dwangmiddel", "means of coercion"),
    "oogmerk": ("oogmerk van uitbuiting", "purpose of exploitation"),
    "voordeel": ("voordeel trekken", "profiting"),
    "kwetsbaarheid": ("kwetsbare positie", "position of vulnerability"),
}


def names(pack: Pack) -> dict[str, dict[str, tuple[str, str]]]:
    """Every name a report needs, Dutch and English: by what it names, then by the code in the tables."""
    return {
        "indicator": {i.code: (i.name_nl, i.name_en) for i in pack.indicators},
        "combination": {c.id: (c.name_nl, c.name_en) for c in pack.combinations},
        "context": {context.name.lower(): name for context, name in CONTEXT_NAMES.items()},
        "form": {form.value: name for form, name in FORM_NAMES.items()},
        "dimension": {dimension.value: name for dimension, name in DIMENSION_NAMES.items()},
        "element": dict(ELEMENT_NAMES),
        "layer": {"-" if layer is Layer.NONE else layer.name: name for layer, name in LAYER_NAMES.items()},
        "cause": dict(CAUSE_SENTENCES),
    }
