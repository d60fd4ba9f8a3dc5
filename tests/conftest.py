"""Fixtures for every room; those of the database load Django only where a test asks for them."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.database import SHARED, db, instance, place_in_memory, raw, wait_for_end
from tests.order import long_first

# A busy machine must not fail a test: what is asked of a property is that it holds, not that it holds quickly.
settings.register_profile("seinpost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("seinpost")

__all__ = ["db", "instance", "raw"]


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a session makes the folder that all of them share, and removes it at its end."""
    gc.set_threshold(50_000, 20, 20)  # most of what a test makes goes by itself
    given: dict[str, str] | None = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[SHARED] = Path(given["shared"])
        return
    folder = tempfile.TemporaryDirectory(prefix="seinpost-tests-", dir=place_in_memory())
    config.stash[SHARED] = Path(folder.name)
    config.stash[SHARED].chmod(0o755)  # PostgreSQL may run as another user

    def end() -> None:
        wait_for_end(config.stash[SHARED])
        folder.cleanup()

    config.add_cleanup(end)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The whole suite runs on every core; tests that somebody names start sooner in one process."""
    return 0 if config.args_source is pytest.Config.ArgsSource.ARGS and config.args != ["tests"] else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process that is about to start where the folder is."""
    node.workerinput["shared"] = str(node.config.stash[SHARED])


@pytest.hookimpl(trylast=True)  # after pytest-randomly shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take minutes, so that no process waits for another one at the end."""
    items[:] = long_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: do not look it through again for what can go, hundreds of times."""
    gc.collect()
    gc.freeze()
