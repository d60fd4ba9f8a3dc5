"""Django is set up before the tests of this room are read, with the static files collected as a server has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database import prepare
from tests.statics import collected

prepare()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Path:
    """The static files under their hashed names; a reference to a file that is not there fails here."""
    return collected()
