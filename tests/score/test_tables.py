"""The result tables: schemas, quotes from any Arrow text, forms, reasons, strict order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.score.packs import CODES, SITUATIONS, Found, hits_of, resemblance_of, small_pack

from seinpost.score.order import ranked
from seinpost.score.passes.quotes import cut_quotes
from seinpost.score.resemblance import Raised, telling_bar
from seinpost.score.schema import CONTRIBUTIONS, HITS, SIGNALS
from seinpost.score.scorer import Scorer
from seinpost.score.sentences import names
from seinpost.score.tables import Batch, TableBuilder, Tables
from seinpost.types import Context, Form, Layer

A = Context.AFFIRMED
BUILDER = TableBuilder(Scorer(small_pack(), SITUATIONS))
TEXT = "0123456789" * 40


def build(found: list[Found], rows: int, eyes: list[tuple[int, float, int]] | None = None) -> Tables:
    hits, resemblance = hits_of(found), None if eyes is None else resemblance_of(eyes)
    scores = BUILDER.scorer.score(hits, rows, resemblance)
    ids = pa.array([f"R{k}" for k in range(rows)])
    batch = Batch(ids, pa.array([TEXT] * rows), "dag.parquet", np.arange(100, 100 + rows))
    return BUILDER.build(hits, scores, batch, resemblance)


def test_tables_keep_their_schemas_and_say_which_pack_made_them() -> None:
    tables = build([(0, "ARB-01", 0, A), (1, "GED-01", 0, A)], 2, [(0, 0.8, 0)])
    for table, schema in ((tables.signals, SIGNALS), (tables.hits, HITS), (tables.contributions, CONTRIBUTIONS)):
        assert table.schema.equals(schema)
        table.validate(full=True)
        assert table.schema.metadata[b"seinpost.pack_digest"] == b"0" * 64
        assert all(field.metadata[b"meaning"] for field in table.schema)
    assert len(tables.signals) == 1
    assert tables.hits["registration_id"].to_pylist() == ["R0", "R1"]
    assert tables.signals["row"].to_pylist() == [100]


def test_tables_survive_parquet(tmp_path: Path) -> None:
    tables = build([(0, "ARB-01", 0, A), (0, "BEW-03", 0, Context.NEGATED)], 1)
    for table in (tables.signals, tables.hits, tables.contributions):
        pq.write_table(table, tmp_path / "t.parquet", compression="zstd")
        assert pq.read_table(tmp_path / "t.parquet").to_pylist() == table.to_pylist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(CODES), st.integers(0, 1), st.sampled_from(list(Context))),
        max_size=25,
    )
)
def test_contributions_sum_to_the_score_of_each_signal(found: list[Found]) -> None:
    tables = build(found, 5, [(k, 0.75, k % 2) for k in range(0, 5, 2)])
    sums = tables.contributions.group_by("registration_id").aggregate([("weight", "sum")])
    by_id = dict(zip(sums["registration_id"].to_pylist(), sums["weight_sum"].to_pylist(), strict=True))
    assert by_id == dict(
        zip(tables.signals["registration_id"].to_pylist(), tables.signals["score"].to_pylist(), strict=True)
    )
    for row in tables.contributions.to_pylist():
        if row["start"] is not None:
            assert row["quote"] == TEXT[row["start"] : row["end"]]
        assert row["sentence_nl"]
        assert row["sentence_en"]


def test_a_signal_tells_form_elements_dimensions_and_reason() -> None:
    found: list[Found] = [(0, code, 0, A) for code in ("ARB-01", "ARB-02", "BEW-01", "VRV-03", "DOC-01")]
    signal = build(found, 1).signals.to_pylist()[0]
    assert signal["forms"] == ["ARB", "SEKS"]  # ARB 4/3 + 2 + 2/2, SEKS 4/3 + 2/2: more than half
    assert signal["elements"] == ["handeling", "dwangmiddel", "oogmerk"]
    assert signal["dimensions"] == ["EX", "CD", "AVD"]
    assert signal["positive_dimensions"] == ["EX", "CD"]
    assert signal["layer"] == "A"
    assert signal["indicators"] == ["ARB-01", "BEW-01", "DOC-01", "ARB-02", "VRV-03"]
    assert signal["reason_nl"] == (
        "Gevonden: feit van ARB-01; feit van BEW-01; feit van DOC-01; en nog 2 andere aanwijzingen."
    )
    assert signal["reason_en"].startswith("Found: fact of ARB-01; ")
    assert (signal["resembles"], signal["resemblance"], signal["rank"]) == (None, None, None)


def test_indicators_of_every_form_leave_the_form_unknown() -> None:
    assert build([(0, "BEW-01", 0, A)], 1).signals["forms"].to_pylist() == [[]]


LIKE = {
    "nothing": ("feit van BEW-01.", "fact of BEW-01."),
    "faint": ("een zin lijkt een beetje op een bekende situatie.", "a sentence faintly resembles a known situation."),
    "named": (
        "een zin lijkt op een bekende situatie: derde boekt en int, vrouw komt de kamer niet uit.",
        "a sentence resembles a known situation (SEKS-0001).",
    ),
}


@pytest.mark.parametrize(
    ("value", "like"), [(0.5, "nothing"), (0.75, "faint"), (0.81, "faint"), (0.83, "named"), (0.99, "named")]
)
def test_a_reason_names_a_situation_only_when_the_resemblance_is_strong_enough(value: float, like: str) -> None:
    signal = build([(0, "BEW-01", 0, A)], 1, [(0, value, 0)]).signals.to_pylist()[0]
    assert signal["reason_nl"].endswith(LIKE[like][0])
    assert signal["reason_en"].endswith(LIKE[like][1])
    assert signal["resembles"] == "SEKS-0001"


def test_a_resemblance_to_no_situation_in_particular_names_none() -> None:
    reason = build([(0, "BEW-01", 0, A)], 1, [(0, 0.95, -1)]).signals["reason_nl"].to_pylist()[0]
    assert reason.endswith("een zin lijkt op een bekende situatie.")


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.999))
def test_the_telling_bar_lies_between_the_bars(one: float, other: float) -> None:
    least, strong = sorted((one, other))
    assert least - 1e-9 <= telling_bar(least, strong) <= strong + 1e-9


def test_a_minor_and_a_known_matter_are_told() -> None:
    many: list[Found] = [(0, code, 0, A) for code in ("BEW-01", "DOC-01", "ARB-01", "AFH-06", "MEL-04")]
    reason = build(many, 1).signals["reason_nl"].to_pylist()[0]
    assert reason.endswith(
        "en nog 2 andere aanwijzingen; het gaat om een minderjarige; de zaak is misschien al bekend."
    )


def test_order_is_strict_and_has_no_ceiling() -> None:
    found: list[Found] = [(r, "BEW-01", 0, A) for r in range(6)]
    found += [(1, "DOC-01", 0, A), (2, "GED-01", 0, A), (4, "DOC-01", 0, A), (4, "ARB-01", 0, A)]
    signals = build(found, 6).signals
    order = ranked(signals)
    assert order["registration_id"].to_pylist() == ["R4", "R1", "R2", "R0", "R3", "R5"]
    assert order["rank"].to_pylist() == [1, 2, 3, 4, 5, 6]
    shuffled = signals.take(pa.array([3, 0, 5, 1, 4, 2]))
    assert ranked(shuffled).equals(order)


texts = st.lists(st.text(max_size=30), min_size=1, max_size=5)


@settings(max_examples=80, deadline=None)
@given(texts, st.sampled_from(["string", "large_string", "string_view", "chunked", "sliced"]), st.data())
def test_quotes_are_cut_from_any_text_column(values: list[str], kind: str, data: st.DataObject) -> None:
    spans: list[tuple[int, int, int, str | None]] = []
    for row, text in enumerate(values):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        spans.append((row, len(text[:start].encode()), len(text[:end].encode()), text[start:end]))
    spans.append((0, -1, -1, None))
    columns = [np.array([span[k] for span in spans], dtype=np.int64) for k in range(3)]
    assert cut_quotes(as_column(values, kind), *columns).to_pylist() == [span[3] for span in spans]


def as_column(values: list[str], kind: str) -> pa.Array | pa.ChunkedArray:
    if kind == "chunked":
        return pa.chunked_array([[], values[:1], values[1:]], pa.string())
    if kind == "sliced":
        return pa.array(["é" * 7, *values, "x"], pa.string()).slice(1, len(values))
    types = {"string": pa.string(), "large_string": pa.large_string(), "string_view": pa.string_view()}
    return pa.array(values, types[kind])


def test_every_sentence_is_complete_in_both_languages() -> None:
    sentences = BUILDER.scorer.sentences
    assert len(sentences.key) == len(sentences.nl) == len(sentences.en) == len(set(sentences.key))
    for column in (sentences.nl, sentences.en):
        assert all(text.endswith(".") and text[0].isupper() and "{" not in text for text in column)
        assert not any(".." in text or "  " in text for text in column)


def test_every_code_in_the_tables_has_a_name() -> None:
    table = names(BUILDER.scorer.pack)
    assert set(table["context"]) == {context.name.lower() for context in Context}
    assert set(table["form"]) == {form.value for form in Form}
    assert set(table["layer"]) == {*"ABCD-"}
    assert len(Layer) == len(table["layer"])
    assert all(nl and en for kind in table.values() for nl, en in kind.values())


def test_not_flagged_registrations_keep_their_hits() -> None:
    tables = build([(0, "GED-01", 0, A)], 1)
    assert len(tables.signals) == len(tables.contributions) == 0
    assert pc.all(pc.equal(tables.hits["indicator"].cast(pa.string()), "GED-01")).as_py()


def test_what_a_third_reader_adds_stands_apart_and_the_sum_is_exact() -> None:
    builder = TableBuilder(Scorer(small_pack(), SITUATIONS, encoder=True))
    alone = [0.5, 0.8, 0.95]
    seen = resemblance_of([(0, 0.8, 0), (1, 0.8, 0), (2, 0.97, 1)])
    raised = Raised(
        np.array(alone, np.float32),
        np.array([1.5, 0.0, 0.5]),
        np.array([1, 0, 0], np.int32),
        np.ones(3, np.bool_),
        np.zeros(3, np.int32),
        np.full(3, 20, np.int32),
    )
    seen = replace(seen, raised=raised)
    hits = hits_of([])
    scores = builder.scorer.score(hits, 3, seen)
    batch = Batch(pa.array(["R0", "R1", "R2"]), pa.array([TEXT] * 3, pa.large_string()), "day", np.arange(3))
    tables = builder.build(hits, scores, batch, seen)
    parts: dict[str, list[dict[str, Any]]] = {row["registration_id"]: [] for row in tables.signals.to_pylist()}
    for row in tables.contributions.to_pylist():
        parts[row["registration_id"]].append(row)
    assert [[row["kind"] for row in rows] for rows in parts.values()] == [
        ["encoder"],
        ["resemblance"],
        ["resemblance", "encoder"],
    ]
    scored = builder.scorer.score(hits, 3, resemblance_of([(0, 0.8, 0), (1, 0.8, 0), (2, 0.97, 1)]))
    assert scores.score.tolist() == scored.score.tolist()
    assert [sum(row["weight"] for row in rows) for rows in parts.values()] == scores.score.tolist()
    assert parts["R0"][0]["sentence_nl"].endswith("werknemer slaapt boven de zaak en krijgt niets.")
    assert parts["R0"][0]["rule"] == "ENCODER"
    assert parts["R2"][1]["sentence"] == "encoder/SEKS-0001"
    assert [row["resembles"] for row in tables.signals.to_pylist()] == ["ARB-0002", "SEKS-0001", "ARB-0002"]
    with pytest.raises(ValueError, match="third reader"):
        BUILDER.scorer.score(hits, 3, seen)
