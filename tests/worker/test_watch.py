"""A watched folder: the complete is taken in once and moved away, the half-written left alone, a kill resumes."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.world import make_world

from seinpost.cli.workbench import queue_of, take_in
from seinpost.errors import DatabaseError as Away
from seinpost.errors import InputError
from seinpost.server.worker.watch import Watch
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Import, Signal

QUIET = 30.0
ROWS = '{"registration_id": "R1", "text": "De baas heeft zijn paspoort afgenomen en hij mag niet weg."}\n'


def watch(folder: Path, work: Callable[[Path, Path], None]) -> Watch:
    """A watcher of a folder."""
    return Watch(folder, work, QUIET, (Away,))


def names(folder: Path, where: str) -> list[str]:
    """What stands in one of the folders, hidden names aside."""
    return sorted(path.name for path in (folder / where).iterdir() if not path.name.startswith("."))


@given(st.lists(st.tuples(st.booleans(), st.floats(0.5, 40)), max_size=12))
def test_a_file_is_taken_when_it_has_been_still_for_long_enough_and_never_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, float]]
) -> None:
    folder, taken, now, still = tmp_path_factory.mktemp("watch"), list[str](), 0.0, 0.0
    path = folder / "day.jsonl"
    path.write_text("a")
    watcher = watch(folder, lambda one, _work: taken.append(one.name))
    watcher.look(now)
    for grows, seconds in steps:
        if not path.exists():
            break
        now += seconds
        if grows:
            with path.open("a") as file:
                file.write("b")
            still = now
        watcher.look(now)
        assert bool(taken) == (now - still >= QUIET)
    watcher.close()


def test_what_is_not_finished_or_not_ours_is_left_where_it_is(tmp_path: Path) -> None:
    for name in (".hidden", "day.csv.part", "day.tmp"):
        (tmp_path / name).write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / ".hidden")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "signals.parquet").write_text("x")
    taken: list[str] = []
    watcher = watch(tmp_path, lambda one, _work: taken.append(one.name))
    for now in (0.0, QUIET, 2 * QUIET):
        watcher.look(now)
    assert taken == []
    (tmp_path / "run" / "ledger.json").write_text("x")  # written last
    watcher.look(3 * QUIET)
    assert taken == []
    watcher.look(4 * QUIET)
    assert taken == ["run"]
    assert names(tmp_path, "done") == ["run"]
    watcher.close()


def test_a_refused_file_is_moved_with_why_and_another_of_its_name_does_not_replace_it(tmp_path: Path) -> None:
    def refuse(path: Path, work: Path) -> None:
        raise InputError("no column text", "geen kolom text")

    watcher = watch(tmp_path, refuse)
    for turn in (1, 2):
        (tmp_path / "day.csv").write_text("x" * turn)
        watcher.look(turn * 100.0)
        watcher.look(turn * 100.0 + QUIET)
    assert names(tmp_path, "failed") == ["day-2.csv", "day-2.csv.reason.txt", "day.csv", "day.csv.reason.txt"]
    assert "geen kolom text" in (tmp_path / "failed" / "day.csv.reason.txt").read_text(encoding="utf-8")
    watcher.close()


def test_when_the_database_is_away_the_file_waits_with_growing_pauses(tmp_path: Path) -> None:
    tried: list[float] = []
    moment = 0.0

    def away(path: Path, work: Path) -> None:
        tried.append(moment)
        if len(tried) < 4:
            raise Away("away")

    (tmp_path / "day.csv").write_text("x")
    watcher = watch(tmp_path, away)
    for moment in range(0, 400, 1):
        watcher.look(float(moment))
    assert [after - before for before, after in pairwise(tried)] == [5, 15, 60]
    assert names(tmp_path, "done") == ["day.csv"]
    assert names(tmp_path, "busy") == []
    watcher.close()


def test_one_watcher_at_a_time_and_the_next_one_when_it_is_gone(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("x")
    first = watch(tmp_path, lambda _one, _work: None)
    second = watch(tmp_path, lambda _one, _work: None)
    first.look(0.0)
    for now in (0.0, QUIET, 2 * QUIET):
        assert second.look(now) == 0
    first.close()
    second.look(100.0)
    assert second.look(100.0 + QUIET) == 1
    second.close()


def test_a_kill_between_taking_in_and_moving_away_doubles_nothing(db: str, tmp_path: Path) -> None:
    make_world(("politie",))
    into = queue_of("politie-team", "daily")
    killed = True

    def work(path: Path, folder: Path) -> None:
        take_in(path, folder, into, "bvh", None)
        if killed:
            raise SystemExit

    (tmp_path / "day.jsonl").write_text(ROWS, encoding="utf-8")
    os.utime(tmp_path / "day.jsonl", (1, 1))  # moved in, with the moment it was written
    first = watch(tmp_path, work)
    first.look(0.0)
    with pytest.raises(SystemExit):
        first.look(QUIET)
    first.close()
    assert names(tmp_path, "busy") == ["day.jsonl"]
    killed = False
    second = watch(tmp_path, work)
    assert second.look(0.0) == 1
    second.close()
    assert names(tmp_path, "done") == ["day.jsonl"]
    with working_for(as_system("politie")):
        assert (Signal.objects.count(), Import.objects.count()) == (1, 1)
        assert Import.objects.get().finished_at is not None
