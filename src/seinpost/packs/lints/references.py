"""Lints on what names what: sources, indicators in combinations and scoring, macros, numbers that must be complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from seinpost.errors import Fault
from seinpost.packs.lints.base import Lint, Severity
from seinpost.packs.pack import Indicator
from seinpost.types import Context, Strength

SCORING_LISTS = ("minor_indicators", "statement_indicators", "known_indicators", "undamped_by")
_MACRO = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


class UnknownSource(Lint):
    """An indicator names a source that pack.yaml does not have."""

    name = "unknown-source"

    def check_indicator(self, indicator: Indicator) -> Iterator[Fault]:
        known = {source.id for source in self.read.pack.sources}
        for number, source in enumerate(indicator.sources):
            if source not in known:
                place = self.read.place_of_indicator(indicator.code, "sources", number)
                yield Fault(place, "unknown source", source, ", ".join(sorted(known)))


class UnusedSource(Lint):
    """A source that no indicator names."""

    name = "unused-source"
    severity = Severity.WARNING

    def check_pack(self) -> Iterator[Fault]:
        used = {source for indicator in self.read.pack.indicators for source in indicator.sources}
        for source in self.read.pack.sources:
            if source.id not in used:
                yield Fault(self.read.place("pack.yaml", "sources", source.id), "no indicator names this source")


class UnknownIndicator(Lint):
    """A combination or the scoring names an indicator that does not exist."""

    name = "unknown-indicator"

    def check_pack(self) -> Iterator[Fault]:
        for number, part in enumerate(self.read.sheets["combinations.yaml"].data):
            for row, codes in enumerate(part["all_of"]):
                yield from self._check("combinations.yaml", (number, "all_of", row), codes)
        scoring = self.read.sheets["scoring.yaml"].data
        for key in SCORING_LISTS:
            yield from self._check("scoring.yaml", (key,), scoring[key])

    def _check(self, sheet: str, keys: tuple[str | int, ...], codes: Iterable[str]) -> Iterator[Fault]:
        known = self.read.indicator_at
        for number, code in enumerate(codes):
            if code not in known:
                family = sorted(other for other in known if other[:3] == code[:3])
                allowed = ", ".join(family or sorted({other[:3] for other in known}))
                yield Fault(self.read.place(sheet, *keys, number), "unknown indicator", code, allowed)


class DuplicateCombination(Lint):
    """Two combinations with one id, or of the same indicators."""

    name = "duplicate-combination"

    def check_pack(self) -> Iterator[Fault]:
        ids: set[str] = set()
        sets: dict[frozenset[frozenset[str]], str] = {}
        for number, part in enumerate(self.read.sheets["combinations.yaml"].data):
            key = frozenset(frozenset(codes) for codes in part["all_of"])
            place = self.read.place("combinations.yaml", number, "id")
            if part["id"] in ids:
                yield Fault(place, "is a duplicate id", part["id"], "each id once")
            elif key in sets:
                yield Fault(place, f"asks the same indicators as {sets[key]}", part["id"])
            ids.add(part["id"])
            sets.setdefault(key, part["id"])


class IncompleteScoring(Lint):
    """The scoring must give a number for every strength and every context."""

    name = "incomplete-scoring"

    def check_pack(self) -> Iterator[Fault]:
        scoring = self.read.pack.scoring
        for strength in Strength:
            if strength not in scoring.strength_weight:
                yield Fault(self.read.place("scoring.yaml", "strength_weight"), "misses a strength", strength.value)
        for context in Context:
            if context not in scoring.context_factor:
                place = self.read.place("scoring.yaml", "context_factor")
                yield Fault(place, "misses a context", context.name.lower())
        if scoring.context_factor.get(Context.AFFIRMED, 1) != 1:
            place = self.read.place("scoring.yaml", "context_factor", "affirmed")
            yield Fault(place, "must keep the whole weight", str(scoring.context_factor[Context.AFFIRMED]), "1")
        if scoring.resemblance_layer_d > scoring.resemblance_layer_c:
            place = self.read.place("scoring.yaml", "resemblance_layer_d")
            yield Fault(place, "is above resemblance_layer_c", str(scoring.resemblance_layer_d))


class ContextOutsideMeta(Lint):
    """Strength `context` never scores, so it must not stand in a dimension that makes a case."""

    name = "context-in-dimension"

    def check_indicator(self, indicator: Indicator) -> Iterator[Fault]:
        if indicator.strength is Strength.CONTEXT and indicator.dimension.value != "META":
            place = self.read.place_of_indicator(indicator.code, "dimension")
            yield Fault(place, "has strength context outside META", indicator.dimension.value, "META")


class UnusedMacro(Lint):
    """A macro that no pattern, cue or other macro uses."""

    name = "unused-macro"
    severity = Severity.WARNING

    def check_pack(self) -> Iterator[Fault]:
        used: set[str] = set()
        for sheet in self.read.sheets.values():
            for text in _texts(sheet.data):
                used.update(_MACRO.findall(text))
        for name in self.read.macros:
            if name not in used:
                yield Fault(self.read.place("macros.yaml", name), "no pattern uses this macro", name)


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


class MissingExamples(Lint):
    """Every indicator shows at least one sentence that it must find and one that it must not."""

    name = "missing-examples"

    def check_indicator(self, indicator: Indicator) -> Iterator[Fault]:
        for key, sentences in (("hit", indicator.examples_hit), ("miss", indicator.examples_miss)):
            if not sentences:
                place = self.read.place_of_indicator(indicator.code, "examples", key)
                yield Fault(place, f"has no example that must {key}", allowed="at least one sentence")


class ContradictingExamples(Lint):
    """One sentence cannot be both hit and miss of an indicator."""

    name = "contradicting-examples"

    def check_indicator(self, indicator: Indicator) -> Iterator[Fault]:
        for sentence in sorted(set(indicator.examples_hit) & set(indicator.examples_miss)):
            number = indicator.examples_miss.index(sentence)
            place = self.read.place_of_indicator(indicator.code, "examples", "miss", number)
            yield Fault(place, "must hit and must miss", sentence)


class ClauseShape(Lint):
    """A why clause stands in the middle of a sentence: no capital at its start, no full stop at its end."""

    name = "clause-shape"

    def check_indicator(self, indicator: Indicator) -> Iterator[Fault]:
        for key, clause in (("why_nl", indicator.why_nl), ("why_en", indicator.why_en)):
            if clause[0].isupper() or clause[-1] in ".;!?" or ";" in clause:
                place = self.read.place_of_indicator(indicator.code, key)
                yield Fault(place, "does not fit in a sentence", clause, "no capital first, no . or ;")


class SameName(Lint):
    """Two indicators with one name or one why clause cannot be told apart in an explanation."""

    name = "same-name"

    def check_pack(self) -> Iterator[Fault]:
        for key in ("name_nl", "name_en", "why_nl", "why_en"):
            seen: dict[str, str] = {}
            for indicator in self.read.pack.indicators:
                text = str(getattr(indicator, key)).casefold()
                first = seen.setdefault(text, indicator.code)
                if first != indicator.code:
                    place = self.read.place_of_indicator(indicator.code, key)
                    yield Fault(place, f"is the same as that of {first}", text)
