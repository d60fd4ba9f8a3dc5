"""Django is set up before the tests of this room are read; the page needs the static files as a server has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database import prepare
from tests.statics import collected

prepare()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Path:
    """The static files under their hashed names."""
    return collected()
