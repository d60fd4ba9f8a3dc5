"""PostgreSQL by itself: shared, stopped by the last one out, and unharmed by any user killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.database import place_in_memory

from seinpost.errors import DatabaseError
from seinpost.server.instance.binaries import find_runner
from seinpost.server.instance.keeper import living_postmaster
from seinpost.server.instance.postgres import FAST, Layout, ask, is_locked, lease

USERS = Path(__file__).with_name("users.py")
ROOT = os.geteuid() == 0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that an ordinary user can reach too.

    Not below pytest's own temporary folder: every pytest of the same user that starts closes that one to others.
    """
    with tempfile.TemporaryDirectory(prefix="seinpost-", dir=place_in_memory(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a user of the instance in a process of its own; whatever still lives is ended after the test."""
    users: list[subprocess.Popen[str]] = []

    def user() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(USERS), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        users.append(process)
        return process

    yield user
    for process in users:
        process.kill()
        process.communicate()
    stopped(folder)


def said(process: subprocess.Popen[str]) -> str:
    """The first line of a user, which tells that the instance answered."""
    assert process.stdout is not None
    return process.stdout.readline()


def stopped(folder: Path) -> bool:
    """Wait until no keeper and no instance is left."""
    layout = Layout(folder)
    for _ in range(600):
        if not is_locked(layout.lock("keeper")) and living_postmaster(layout) is None:
            return True
        time.sleep(0.05)
    return False


def test_two_processes_started_at_once_share_one_instance_and_the_last_one_stops_it(
    folder: Path, start: Callable[[], subprocess.Popen[str]]
) -> None:
    first, second = start(), start()
    assert said(first) == said(second) != ""
    running = living_postmaster(Layout(folder))
    assert running is not None
    first.communicate()
    assert living_postmaster(Layout(folder)) == running
    with lease(folder, FAST) as used, psycopg.connect(used.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        second.communicate()
        assert living_postmaster(Layout(folder)) == running
    assert stopped(folder)


def test_users_killed_without_warning_leave_nothing_running(
    folder: Path, start: Callable[[], subprocess.Popen[str]]
) -> None:
    first, second = start(), start()
    assert said(first)
    assert said(second)
    first.kill()
    second.kill()
    assert stopped(folder)


def test_a_killed_keeper_is_replaced_and_what_was_committed_is_there(
    folder: Path, start: Callable[[], subprocess.Popen[str]]
) -> None:
    with lease(folder, FAST) as used:
        with psycopg.connect(used.url()) as connection:
            connection.execute("create table kept (n int)")
            connection.execute("insert into kept values (7)")
        running = living_postmaster(Layout(folder))
        keeper = keeper_of(folder)
        os.kill(keeper, signal.SIGKILL)
        while is_locked(Layout(folder).lock("keeper")):
            time.sleep(0.01)
        assert said(start())
        assert living_postmaster(Layout(folder)) == running
        assert keeper_of(folder) != keeper
        with psycopg.connect(used.url()) as connection:
            assert connection.execute("select n from kept").fetchone() == (7,)


def test_an_instance_that_dies_is_started_again_for_those_who_use_it(folder: Path) -> None:
    with lease(folder, FAST) as used:
        with psycopg.connect(used.url()) as connection:
            connection.execute("create table kept (n int)")
        for signal_ in (signal.SIGKILL, signal.SIGINT):
            postmaster = living_postmaster(Layout(folder))
            assert postmaster is not None
            os.kill(postmaster, signal_)
            assert another_than(postmaster, folder)
            with psycopg.connect(used.url()) as connection:
                assert connection.execute("select count(*) from kept").fetchone() == (0,)
    assert stopped(folder)


def another_than(postmaster: int, folder: Path) -> bool:
    """Wait until another instance answers than this one."""
    for _ in range(600):
        living = living_postmaster(Layout(folder))
        if living not in (None, postmaster) and ask(Layout(folder), find_runner(folder)) is None:
            return True
        time.sleep(0.05)
    return False


def test_an_attempt_broken_off_while_the_files_were_made_is_no_obstacle(folder: Path) -> None:
    (folder / "postgresql.new" / "base").mkdir(parents=True)
    with lease(folder, FAST) as used, psycopg.connect(used.url()) as connection:
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
    assert stopped(folder)


def test_files_of_another_version_are_refused_with_what_to_do(folder: Path) -> None:
    with lease(folder, FAST):
        pass
    assert stopped(folder)
    (folder / "postgresql" / "PG_VERSION").write_text("14\n", encoding="ascii")
    with pytest.raises(DatabaseError, match=r"made by PostgreSQL 14.*\n?.*Make a backup"):
        lease(folder, FAST)


def test_a_setting_that_postgresql_does_not_know_is_told_with_its_own_words(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="no_such_setting"):
        lease(folder, {"no_such_setting": "1"})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DatabaseError, match="cannot be used: Not a directory"):
        lease(tmp_path / "file" / "data", FAST)


@pytest.mark.skipif(not ROOT, reason="only root has folders that the user of PostgreSQL cannot reach")
def test_as_root_a_folder_out_of_reach_keeps_its_permissions_and_says_where_the_data_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with lease(tmp_path / "data", FAST) as used, psycopg.connect(used.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        home = used.layout.folder
    assert str(home) in (tmp_path / "data" / "where.txt").read_text(encoding="utf-8")
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert stopped(home)


def keeper_of(folder: Path) -> int:
    """The process id of the keeper, told by the kernel: whoever holds the lock on its file."""
    inode = Layout(folder).lock("keeper").stat().st_ino
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and int(fields[5].split(":")[2]) == inode:
            return int(fields[4])
    raise AssertionError("no keeper")
