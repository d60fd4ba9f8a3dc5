"""docs/reference/packs.md names every file, every key and every lint."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from seinpost.packs import model
from seinpost.packs.build import SHEETS
from seinpost.packs.casebook import SituationPart
from seinpost.packs.lints import LINTS

PAGE = (Path(__file__).parents[2] / "docs/reference/packs.md").read_text(encoding="utf-8")
MODELS: tuple[type[BaseModel], ...] = (
    model.PackSheet,
    model.SourcePart,
    model.IndicatorPart,
    model.ExamplesPart,
    model.CuesSheet,
    model.ScopePart,
    model.AbbreviationsSheet,
    model.TraitsSheet,
    model.ScoringSheet,
    model.CombinationPart,
    model.RegistrationPart,
    SituationPart,
)


@pytest.mark.parametrize("shape", MODELS, ids=lambda shape: shape.__name__)
def test_every_key_is_explained(shape: type[BaseModel]) -> None:
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    assert [key for key in keys if f"`{key}`" not in PAGE] == []


def test_every_file_has_its_section() -> None:
    assert [name for name in SHEETS if f"\n## {name}\n" not in PAGE] == []


def test_every_lint_is_listed_with_its_severity() -> None:
    assert [lint.name for lint in LINTS if f"| `{lint.name}` | {lint.severity.value} |" not in PAGE] == []
