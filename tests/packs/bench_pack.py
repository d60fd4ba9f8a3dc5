"""A small pack on disk, to break in one place per test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "pack.yaml": """
id: test
version: 1.0.0
dated: 2026-11-24
language: nl
sources:
  EIGEN:
    what: "eigen schatting"
    confidence: laag
""",
    "macros.yaml": """
DOC:
  - "paspoort|paspoorten"
  - "id kaart"
""",
    "cues.yaml": """
scope: {before: 6, before_bare: 3, after: 6}
terminators: [maar]
negation_before: ["geen sprake van"]
negation_bare: ["geen", "niet"]
negation_after: ["niet gebleken"]
pseudo: ["niet alleen"]
template: ["training"]
excluded_by_officer: ["loze melding"]
hypothetical: ["indien"]
historical: ["vroeger"]
other_person: ["op televisie"]
denied_by_person: ["verklaarde vrijwillig"]
""",
    "abbreviations.yaml": """
with_stop: {vdt: verdachte}
without_stop: {avim: afdeling}
""",
    "traits.yaml": """
nationality_ethnicity: ["roemeen*", "oost europe*"]
religion: ["moslim*"]
language: ["nederlands"]
legal_status: ["asielzoeker*"]
sex_work: ["sekswerk*"]
social: ["dakloos"]
""",
    "scoring.yaml": """
dated: 2026-11-24
strength_weight: {sterk: 4, middel: 2, zwak: 1, context: 0}
context_factor:
  affirmed: 1
  negated: 0
  template: 0
  excluded_by_officer: 0.15
  hypothetical: 0.2
  historical: 0.5
  other_person: 0.5
  denied_by_person: 0.6
  other_meaning: 0
layer_minimum: {}
resemblance_weight: 4
resemblance_layer_c: 0.9
resemblance_layer_d: 0.75
dimension_weight: 2
standing_factor: 0.5
minor_indicators: []
statement_indicators: []
known_indicators: []
undamped_by: [DOC-01]
""",
    "combinations.yaml": """
- id: G01
  name_nl: "document en schuld"
  name_en: "document and debt"
  all_of: [[DOC-01], [SCH-01]]
  weight: 4
  layer: C
  basis: "eigen"
""",
    "examples/registrations.yaml": """
- id: P01
  expect: signal
  form: ARB
  why: "verborgen in: verkeer"
  text: "Zijn paspoort is ingenomen door de baas."
- id: N01
  expect: silence
  why: "verloren"
  text: "Aangifte van een verloren paspoort gedaan."
""",
    "indicators/DOC.yaml": """
- code: DOC-01
  name_nl: "Paspoort ingenomen"
  name_en: "Passport taken"
  why_nl: "iemand anders houdt het paspoort"
  why_en: "someone else keeps the passport"
  forms: [ALLE]
  element: [dwangmiddel]
  sr273f: "dwang"
  dimension: CD
  strength: sterk
  basis: "eigen"
  sources: [EIGEN]
  patterns:
    - "{DOC} ~3 (ingenomen|afgepakt)"
    - "zonder papieren"
  unless:
    - "verloren"
  examples:
    hit: ["Zijn paspoort is ingenomen."]
    miss: ["Zijn paspoort is verlopen."]
""",
    "indicators/SCH.yaml": """
- code: SCH-01
  name_nl: "Schuld afbetalen"
  name_en: "Debt bondage"
  why_nl: "iemand moet een schuld afwerken"
  why_en: "someone must work off a debt"
  forms: [ARB, SEKS]
  element: [dwangmiddel, oogmerk]
  sr273f: "dwang"
  dimension: CD
  strength: middel
  child_strength: sterk
  basis: "eigen"
  sources: [EIGEN]
  patterns:
    - "schuld &8 (afbetalen|aflossen)"
  examples:
    hit: ["Moest zijn schuld afbetalen."]
    miss: ["Heeft een schuld bij de bank."]
""",
}


def make_pack(folder: Path, changes: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """Write the small pack; `changes` gives per file a text in it and what stands there instead."""
    for name, text in FILES.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n").replace(old, new, 1) if old else text.lstrip("\n"), encoding="utf-8")
    return folder
