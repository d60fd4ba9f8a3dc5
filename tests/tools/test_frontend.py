"""Vendored files are what the manifest names, and the theme is what its tool writes, with enough contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import make_theme, vendor

STATIC = Path(make_theme.TARGET).parent


def test_vendored_files_are_the_ones_of_the_manifest() -> None:
    assert vendor.check() == 0


def test_a_changed_or_strange_vendored_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in vendor.TARGET.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "htmx.js").write_text("alert(1)")
    (tmp_path / "extra.js").write_text("")
    (tmp_path / "sans.woff2").unlink()
    monkeypatch.setattr(vendor, "TARGET", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", tmp_path / "manifest.json")
    assert vendor.check() == 1
    told = capsys.readouterr().err
    assert "htmx.js: not the file of htmx.org" in told
    assert "extra.js: not in the manifest" in told
    assert "sans.woff2: missing" in told


def test_the_theme_is_what_its_tool_writes() -> None:
    assert make_theme.main("check") == 0


def test_contrast_is_that_of_the_standard() -> None:
    assert make_theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert make_theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known near miss


def test_a_palette_without_contrast_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pale = make_theme.Scheme(1.0, (0.98, 0.96, 0.92, 0.9, 0.8, 0.75, 0.7, 0.65), make_theme.LIGHT.chroma)
    monkeypatch.setattr(make_theme, "LIGHT", pale)
    assert any("light grijs 400 on 0" in fault for fault in make_theme.faults())


def test_no_static_file_of_ours_asks_another_machine() -> None:
    for path in [*STATIC.glob("*.css"), *STATIC.glob("*.js"), *(STATIC / "vendor").glob("*.css")]:
        assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", path.read_text()), path.name
