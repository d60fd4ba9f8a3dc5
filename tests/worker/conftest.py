"""Django is set up, and the static files are collected, before the tests of this room are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database import prepare
from tests.statics import collected

prepare()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Path:
    """Django is set up, and the static files are collected, before the tests of this room are read."""
    return collected()
