"""From a pack's folder to a frozen `Pack`: read (gate 1), model (gate 2), patterns parsed, references by place kept.

The lints (gate 3) look at what comes out here; `seinpost.packs.load_pack` refuses a pack with lint errors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seinpost.errors import Fault, PackError, PatternError, Place
from seinpost.packs import model
from seinpost.packs.language import Pattern
from seinpost.packs.pack import (
    Combination,
    Cues,
    CueScope,
    ExampleRegistration,
    Indicator,
    Pack,
    PatternRule,
    Scoring,
    Source,
)
from seinpost.packs.parser import PatternParser
from seinpost.packs.strict import Key, Sheet, read_sheet
from seinpost.packs.words import fold
from seinpost.types import Form, Layer

SHEETS: Mapping[str, Any] = {
    "pack.yaml": model.PackSheet,
    "macros.yaml": model.MacrosSheet,
    "cues.yaml": model.CuesSheet,
    "abbreviations.yaml": model.AbbreviationsSheet,
    "traits.yaml": model.TraitsSheet,
    "scoring.yaml": model.ScoringSheet,
    "combinations.yaml": list[model.CombinationPart],
    "examples/registrations.yaml": list[model.RegistrationPart],
}
INDICATORS = "indicators"
CASEBOOK = "casebook"
PROCESS = "process"  # read by `packs.procedure`
CUE_ROLES = (
    "negation_before",
    "negation_bare",
    "negation_after",
    "pseudo",
    "template",
    "excluded_by_officer",
    "hypothetical",
    "historical",
    "other_person",
    "denied_by_person",
)


@dataclass(frozen=True, slots=True)
class ReadPack:
    """A pack that passed gates 1 and 2, with what the lints need to point at files and lines."""

    pack: Pack
    macros: Mapping[str, str]
    traits: Mapping[str, tuple[Pattern, ...]]  # category -> words and word groups that never score alone
    sheets: Mapping[str, Sheet]
    indicator_at: Mapping[str, tuple[str, int]]  # code -> sheet, index in it
    pattern_at: tuple[tuple[str, int, int], ...]  # per Pack.patterns: sheet, index of indicator, index of pattern

    def place(self, sheet: str, *keys: Key) -> Place:
        """Give the place of a value in one of the pack's files."""
        return self.sheets[sheet].place(*keys)

    def place_of_indicator(self, code: str, *keys: Key) -> Place:
        """Give the place of an indicator, or of a value inside it."""
        sheet, index = self.indicator_at[code]
        return self.sheets[sheet].place(index, *keys)

    def place_of_pattern(self, index: int) -> Place:
        """Give the place of `Pack.patterns[index]`."""
        sheet, indicator, pattern = self.pattern_at[index]
        return self.sheets[sheet].place(indicator, "patterns", pattern)


def read_pack(folder: Path) -> ReadPack:
    """Read and build the pack in a folder; raises PackError with every fault found, by gate."""
    faults: list[Fault] = []
    sheets = _read_sheets(folder, faults)
    _stop(faults)
    parts = {name: model.check(sheet, _shape(name), faults) for name, sheet in sheets.items()}
    _stop(faults)
    return _Builder(folder, sheets, parts).build()


def _shape(name: str) -> Any:
    return SHEETS.get(name, list[model.IndicatorPart])


def _stop(faults: list[Fault]) -> None:
    if faults:
        raise PackError(tuple(faults))


def _read_sheets(folder: Path, faults: list[Fault]) -> dict[str, Sheet]:
    families = sorted((folder / INDICATORS).glob("*.yaml"))
    names = [*SHEETS, *(f"{INDICATORS}/{path.name}" for path in families)]
    if not families:
        faults.append(Fault(Place(folder / INDICATORS), "holds no indicators", allowed="one <FAMILY>.yaml per family"))
    known = {folder / name for name in names}
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        if path not in known and not {folder / CASEBOOK, folder / PROCESS} & set(path.parents):
            faults += [Fault(Place(path), "is no file of a pack", None, ", ".join((*SHEETS, "indicators/*.yaml")))]
    sheets: dict[str, Sheet] = {}
    for name in names:
        try:
            sheets[name] = read_sheet(folder / name)
        except PackError as error:
            faults.extend(error.faults)
    return sheets


def read_frequency(path: Path) -> dict[str, int]:
    """Read the word counts of a pack (`word<TAB>count` a line), or none when it has none; tools/make_frequency.py."""
    if not path.is_file():
        return {}
    rows = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, _, count in rows}


class _Builder:
    """Turns checked parts into the frozen pack, gathering the faults that only show across values."""

    def __init__(self, folder: Path, sheets: Mapping[str, Sheet], parts: Mapping[str, Any]) -> None:
        self.folder = folder
        self.sheets = sheets
        self.parts = parts
        self.faults: list[Fault] = []
        self.macros = {name: "|".join(lines) for name, lines in parts["macros.yaml"].items()}
        self.parser = PatternParser(self.macros)
        self.indicator_at: dict[str, tuple[str, int]] = {}
        self.rules: list[tuple[str, str, Pattern, tuple[str, int, int]]] = []

    def build(self) -> ReadPack:
        self.check_macros()
        _stop(self.faults)  # a broken macro would be told again for every pattern that uses it
        indicators = self.indicators()
        cues = self.cues()
        traits = {name: self.patterns("traits.yaml", name, words) for name, words in self.parts["traits.yaml"]}
        registrations = self.registrations()
        abbreviations = self.tokens("abbreviations.yaml", "with_stop", self.parts["abbreviations.yaml"].with_stop)
        _stop(self.faults)
        index = {indicator.code: number for number, indicator in enumerate(indicators)}
        self.rules.sort(key=lambda rule: (rule[0], rule[1]))
        head = self.parts["pack.yaml"]
        pack = Pack(
            id=head.id,
            version=head.version,
            dated=head.dated,
            language=head.language,
            digest=self.digest(),
            sources=tuple(
                Source(key, part.what, part.url, part.confidence) for key, part in sorted(head.sources.items())
            ),
            indicators=indicators,
            patterns=tuple(PatternRule(rule, index[code], pattern) for code, rule, pattern, _ in self.rules),
            cues=cues,
            abbreviations=abbreviations,
            combinations=_combinations(self.parts["combinations.yaml"]),
            scoring=_scoring(self.parts["scoring.yaml"]),
            registrations=registrations,
            trait_words=tuple(sorted({word for _, words in self.parts["traits.yaml"] for word in words})),
            frequency=read_frequency(self.folder / "frequency.tsv"),
        )
        places = tuple(place for *_, place in self.rules)
        return ReadPack(pack, self.macros, traits, self.sheets, self.indicator_at, places)

    def check_macros(self) -> None:
        for name in self.macros:
            try:
                self.parser.open_macro(name)
            except PatternError as error:
                self.pattern_fault(self.sheets["macros.yaml"].place(name), error)

    def pattern_fault(self, place: Place, error: PatternError) -> None:
        problem = f"{error.problem} at column {error.column + 1}"
        fault = Fault(place, problem, error.text, error.allowed)
        if fault not in self.faults:
            self.faults.append(fault)

    def patterns(self, sheet: str, *keys_and_texts: Any) -> tuple[Pattern, ...]:
        """Parse the list of cues, traits or `unless` that stands under the keys."""
        *keys, texts = keys_and_texts
        found = []
        for number, text in enumerate(texts):
            try:
                found.append(self.parser.parse(text, cue=True))
            except PatternError as error:
                self.pattern_fault(self.sheets[sheet].place(*keys, number), error)
        return tuple(found)

    def indicators(self) -> tuple[Indicator, ...]:
        found = []
        for sheet, parts in self.parts.items():
            if sheet in SHEETS:
                continue
            family = Path(sheet).stem
            for number, part in enumerate(parts):
                place = self.sheets[sheet].place(number, "code")
                if not part.code.startswith(f"{family}-"):
                    self.faults.append(Fault(place, "stands in the file of another family", part.code, f"{family}-00"))
                if part.code in self.indicator_at:
                    first = self.sheets[self.indicator_at[part.code][0]].place(self.indicator_at[part.code][1])
                    self.faults.append(Fault(place, f"is a duplicate code (first at {first})", part.code))
                    continue
                self.indicator_at[part.code] = (sheet, number)
                found.append(self.indicator(sheet, number, family, part))
        return tuple(sorted(found, key=lambda indicator: indicator.code))

    def indicator(self, sheet: str, number: int, family: str, part: model.IndicatorPart) -> Indicator:
        self.parse_rules(sheet, number, part)
        forms = tuple(Form) if "ALLE" in part.forms else tuple(Form(code) for code in part.forms)
        return Indicator(
            code=part.code,
            family=family,
            name_nl=part.name_nl,
            name_en=part.name_en,
            why_nl=part.why_nl,
            why_en=part.why_en,
            forms=forms,
            element=tuple(part.element),
            sr273f=part.sr273f,
            dimension=part.dimension,
            strength=part.strength,
            child_strength=part.child_strength,
            distressing=part.distressing == "true",
            basis=part.basis,
            sources=tuple(part.sources),
            false_positives=tuple(part.false_positives),
            unless=self.patterns(sheet, number, "unless", part.unless),
            examples_hit=tuple(part.examples.hit),
            examples_miss=tuple(part.examples.miss),
        )

    def parse_rules(self, sheet: str, number: int, part: model.IndicatorPart) -> None:
        ids: dict[str, str] = {}
        for line, text in enumerate(part.patterns):
            rule = f"{part.code}/{hashlib.sha256(text.encode()).hexdigest()[:6]}"
            if rule in ids:
                self.id_fault(self.sheets[sheet].place(number, "patterns", line), rule, ids[rule], text)
                continue
            ids[rule] = text
            try:
                self.rules.append((part.code, rule, self.parser.parse(text), (sheet, number, line)))
            except PatternError as error:
                self.pattern_fault(self.sheets[sheet].place(number, "patterns", line), error)

    def id_fault(self, place: Place, rule: str, first: str, text: str) -> None:
        if first == text:
            self.faults.append(Fault(place, "is a duplicate pattern", text, "each pattern once"))
        else:
            self.faults.append(Fault(place, f"shares its id {rule} with {first!r}", text, "a reworded pattern"))

    def cues(self) -> Cues:
        part = self.parts["cues.yaml"]
        roles: dict[str, Any] = {role: self.patterns("cues.yaml", role, getattr(part, role)) for role in CUE_ROLES}
        return Cues(
            scope=CueScope(part.scope.before, part.scope.before_bare, part.scope.after),
            terminators=self.tokens("cues.yaml", "terminators", part.terminators),
            **roles,
        )

    def tokens(self, sheet: str, key: str, words: Iterable[str]) -> frozenset[str]:
        """Check words that must each be one folded token."""
        for number, word in enumerate(words):
            if fold(word) != word or not word.replace("_", "a").isalnum():
                place = self.sheets[sheet].place(key, number if key == "terminators" else word)
                self.faults.append(Fault(place, "is not one folded token", word, "letters and digits in lower case"))
        return frozenset(words)

    def registrations(self) -> tuple[ExampleRegistration, ...]:
        found: dict[str, ExampleRegistration] = {}
        for number, part in enumerate(self.parts["examples/registrations.yaml"]):
            place = self.sheets["examples/registrations.yaml"].place(number, "id")
            if part.id in found:
                self.faults.append(Fault(place, "is a duplicate id", part.id, "each id once"))
            if part.form is not None and part.expect == "silence":
                self.faults.append(Fault(place, "has a form, but expects silence", part.form, "no form"))
            form = Form(part.form) if part.form else None
            found[part.id] = ExampleRegistration(part.id, part.text, form, part.why, part.expect == "signal")
        return tuple(found[key] for key in sorted(found))

    def digest(self) -> str:
        """SHA-256 over the canonical JSON of all that can change a result: no comments, order, sources or examples."""
        dumped = {name: _plain(part) for name, part in self.parts.items()}
        head = dumped["pack.yaml"]
        indicators = [entry for name in dumped if name not in SHEETS for entry in dumped[name]]
        for entry in indicators:
            for unused in ("basis", "sources", "note", "false_positives", "examples"):
                entry.pop(unused)
            if entry["strength"] != "context":  # of what never scores it decides whether it is in a result at all
                entry.pop("distressing")
            for unordered in ("patterns", "unless", "forms", "element"):
                entry[unordered].sort()
        cues = dumped["cues.yaml"]
        combinations = dumped["combinations.yaml"]
        for entry in combinations:
            entry.pop("basis")
            entry["all_of"] = [sorted(codes) for codes in entry["all_of"]]
        content = {
            "pack": [head["id"], head["version"], head["language"]],
            "macros": {name: sorted(_alternatives(text)) for name, text in self.macros.items()},
            "cues": {key: sorted(value) if isinstance(value, list) else value for key, value in cues.items()},
            "abbreviations": sorted(dumped["abbreviations.yaml"]["with_stop"]),
            "traits": {key: sorted(words) for key, words in dumped["traits.yaml"].items()},
            "indicators": sorted(indicators, key=lambda entry: str(entry["code"])),
            "combinations": sorted(combinations, key=lambda entry: str(entry["id"])),
            "scoring": {
                key: sorted(value) if isinstance(value, list) else value
                for key, value in dumped["scoring.yaml"].items()
            },
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(part: Any) -> Any:
    if isinstance(part, list):
        return [_plain(entry) for entry in part]
    return part.model_dump(mode="json") if isinstance(part, model.Part) else part


def _alternatives(text: str) -> list[str]:
    """Cut a macro at the bars outside groups."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _combinations(parts: list[model.CombinationPart]) -> tuple[Combination, ...]:
    return tuple(
        Combination(
            id=part.id,
            name_nl=part.name_nl,
            name_en=part.name_en,
            all_of=tuple(frozenset(codes) for codes in part.all_of),
            weight=part.weight,
            layer=Layer[part.layer],
            basis=part.basis,
        )
        for part in sorted(parts, key=lambda part: part.id)
    )


def _scoring(part: model.ScoringSheet) -> Scoring:
    return Scoring(
        dated=part.dated,
        strength_weight=dict(part.strength_weight),
        context_factor={model.CONTEXTS[name]: factor for name, factor in part.context_factor.items()},
        layer_minimum={Layer[name]: minimum for name, minimum in part.layer_minimum.items()},
        resemblance_weight=part.resemblance_weight,
        resemblance_layer_c=part.resemblance_layer_c,
        resemblance_layer_d=part.resemblance_layer_d,
        dimension_weight=part.dimension_weight,
        standing_factor=part.standing_factor,
        minor_indicators=frozenset(part.minor_indicators),
        statement_indicators=frozenset(part.statement_indicators),
        known_indicators=frozenset(part.known_indicators),
        undamped_by=frozenset(part.undamped_by),
    )
