"""The ledger balances whatever comes in, and `verify` finds whatever was touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.run.bench import DEFAULT, PLAIN, SIGNAL, lines, parquet, quarantine, row, scan

from seinpost.errors import RunError
from seinpost.run.engine import Engine
from seinpost.run.ledger import Ledger, OutputEntry, file_sha256, read_ledger, verify

ids = st.one_of(st.none(), st.sampled_from(["R-1", "R-2", " R-1", "", "R-3"]), st.integers(0, 3), st.text(max_size=3))
texts = st.one_of(st.none(), st.sampled_from([SIGNAL, PLAIN, ""]), st.text(max_size=20), st.integers(0, 3))
json_lines = st.one_of(
    st.tuples(ids, texts).map(lambda pair: json.dumps(row(*pair)).encode()),
    st.binary(max_size=8).map(lambda data: data.replace(b"\n", b"")),
)


@given(st.lists(st.lists(json_lines, max_size=8), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_received_is_flagged_and_not_flagged_and_failed(
    tmp_path_factory: pytest.TempPathFactory, engine: Engine, files: list[list[bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    paths = []
    for number, content in enumerate(files):
        paths.append(folder / f"{number}.jsonl")
        paths[-1].write_bytes(
            b"\n" + b"".join(line + b"\n" for line in [*content, *lines(row(f"Z-{number}")).splitlines()])
        )
    out = folder / "out"
    ledger = scan(engine, out, paths).ledger
    given_rows = [sum(bool(line.strip()) for line in content) + 1 for content in files]
    assert [source.counts.received for source in ledger.sources] == given_rows
    assert ledger.counts.received == sum(given_rows)
    assert all(counts.balanced for counts in [ledger.counts, *(source.counts for source in ledger.sources)])
    assert len(quarantine(out)) == ledger.counts.failed
    places = [(q["source"], q["row"]) for q in quarantine(out)]
    assert len(set(places)) == len(places)
    assert places == sorted(places)
    signals = papq.read_table(out / "signals.parquet")
    assert len(signals) == sum((ledger.counts.flagged or {}).values())
    assert verify(out) == []


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Callable[[Path], Path]:
    """Makes a copy of one finished run with its own input."""

    def make(folder: Path) -> Path:
        (folder / "bad.jsonl").write_bytes(lines(row("X-1", SIGNAL + "\x00"), row(None)))
        scan(engine, folder / "out", [parquet(folder / "day.parquet", 12), folder / "bad.jsonl"])
        return folder / "out"

    return make


def change_ledger(out: Path, change: Callable[[dict[str, Any]], None], seal: bool = False) -> None:
    """Edit ledger.json, with its seal made to fit again or not."""
    path = out / "ledger.json"
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
    if seal:
        path.write_bytes(read_ledger(out).as_bytes())


def one_more(content: dict[str, Any]) -> None:
    for counts in (content["counts"], content["sources"][0]["counts"]):
        counts["received"] += 1
        counts["not_flagged"] += 1


EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a count": lambda c: c["counts"].update(received=99),
    "two counts that still balance": one_more,
    "the pack": lambda c: c["pack"].update(version="9"),
    "the settings": lambda c: c["settings"].update(encoding="latin-1"),
    "an oddity": lambda c: c["oddities"].clear(),
    "an unknown key": lambda c: c.update(extra=1),
    "a source": lambda c: c["sources"].pop(),
    "an output": lambda c: c["outputs"].pop(0),
    "the seal": lambda c: c.update(seal="0" * 64),
    "no seal": lambda c: c.pop("seal"),
}


@pytest.mark.parametrize("edit", list(EDITS))
def test_every_edit_of_the_ledger_shows(tmp_path: Path, finished: Callable[[Path], Path], edit: str) -> None:
    out = finished(tmp_path)
    assert verify(out) == []
    change_ledger(out, EDITS[edit])
    assert "ledger.json: was changed after the run" in [fault.told("en") for fault in verify(out)]


@pytest.mark.parametrize("name", ["signals.parquet", "hits.parquet", "contributions.parquet", "quarantine.jsonl"])
def test_every_output_that_is_changed_or_gone_shows(
    tmp_path: Path, finished: Callable[[Path], Path], name: str
) -> None:
    out = finished(tmp_path)
    data = bytearray((out / name).read_bytes())
    data[len(data) // 2] ^= 1
    (out / name).write_bytes(bytes(data))
    assert [fault.told("nl") for fault in verify(out)] == [f"{name}: is na de run veranderd"]
    (out / name).unlink()
    assert [fault.told("en") for fault in verify(out)] == [f"{name}: is missing"]


def forged(out: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> list[str]:
    """Change a table and make digests and seal fit, as one who knows how would; give what still shows."""
    papq.write_table(change(papq.read_table(out / name)), out / name)
    reseal(out, name)
    return [fault.told("en") for fault in verify(out)]


def reseal(out: Path, name: str) -> None:
    ledger: Ledger = read_ledger(out)
    entries = tuple(
        OutputEntry(e.name, e.rows, file_sha256(out / name)) if e.name == name else e for e in ledger.outputs
    )
    (out / "ledger.json").write_bytes(replace(ledger, outputs=entries).as_bytes())


def test_tables_that_do_not_hold_what_the_ledger_says_show(tmp_path: Path, finished: Callable[[Path], Path]) -> None:
    out = finished(tmp_path)
    keep = {name: (out / name).read_bytes() for name in ("signals.parquet", "hits.parquet", "quarantine.jsonl")}
    ledger = (out / "ledger.json").read_bytes()

    def again() -> None:
        for name, data in keep.items():
            (out / name).write_bytes(data)
        (out / "ledger.json").write_bytes(ledger)

    assert any("layers" in fault for fault in forged(out, "signals.parquet", lambda t: t.slice(1)))
    again()
    assert any("ranks" in fault for fault in forged(out, "signals.parquet", lambda t: drop_rank(t)))
    again()
    twice = forged(out, "signals.parquet", lambda t: double_id(t))
    assert any("twice" in fault for fault in twice)
    again()
    assert any("no signal" in fault for fault in forged(out, "hits.parquet", lambda t: rename_hit(t)))
    again()
    (out / "quarantine.jsonl").write_bytes(b"")
    reseal(out, "quarantine.jsonl")
    assert [f.told("en") for f in verify(out)] == ["quarantine.jsonl: 0 lines, the ledger says 1"]


def drop_rank(signals: pa.Table) -> pa.Table:
    place = signals.column_names.index("rank")
    return signals.set_column(place, signals.schema.field(place), pa.array([2] * len(signals), pa.int64()))


def double_id(signals: pa.Table) -> pa.Table:
    names = signals["registration_id"].to_pylist()
    return signals.set_column(0, signals.schema.field(0), pa.array([names[1], *names[1:]]))


def rename_hit(hits: pa.Table) -> pa.Table:
    return hits.set_column(0, hits.schema.field(0), pa.array(["R-1", *hits["registration_id"].to_pylist()[1:]]))


def test_an_input_that_changed_shows_and_one_that_is_gone_does_not(
    tmp_path: Path, finished: Callable[[Path], Path]
) -> None:
    out = finished(tmp_path)
    with (tmp_path / "bad.jsonl").open("ab") as file:
        file.write(b"\n")
    assert [f.told("en") for f in verify(out)] == [f"{tmp_path / 'bad.jsonl'}: the input was changed after the run"]
    (tmp_path / "bad.jsonl").unlink()
    assert verify(out) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"version": 2}', b"\xff", b'{"version": 1}'])
def test_what_is_no_ledger_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RunError, match="holds no finished run"):
        verify(tmp_path)
    (tmp_path / "ledger.json").write_bytes(content)
    with pytest.raises(RunError, match=r"ledger\.json"):
        verify(tmp_path)


def test_what_is_wrong_in_one_source_is_told_of_that_source(tmp_path: Path, engine: Engine) -> None:
    profile = replace(DEFAULT, id_column="nr")
    (tmp_path / "a.csv").write_bytes(b"nr,text\n1,a\x00\n2,\xef\xbf\xbd\n3," + "Ã©".encode() + b"\n3,b\n")
    ledger = scan(engine, tmp_path / "out", [tmp_path / "a.csv"], profile=profile).ledger
    assert ledger.oddities == {"mojibake": 1, "nul": 1, "replacement_character": 1}
    assert (ledger.settings["id_column"], ledger.sources[0].counts.failed) == ("nr", 1)
