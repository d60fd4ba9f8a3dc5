"""Django is set up before the tests of this room are read, with the static files collected as a server has them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.database import prepare

prepare()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[Path]:
    """The static files under their hashed names; a reference to a file that is not there fails here."""
    from django.conf import settings
    from django.core.management import call_command

    with tempfile.TemporaryDirectory(prefix="seinpost-static-") as folder:
        settings.STATIC_ROOT = Path(folder)
        call_command("collectstatic", "--noinput", verbosity=0)
        yield Path(folder)
