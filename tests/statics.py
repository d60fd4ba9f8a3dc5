"""The static files as a server has them, collected once for all tests: Django keeps the first folder it was told."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="seinpost-static-")  # removed when the process ends


@cache
def collected() -> Path:
    """The folder with the static files under their hashed names; Django must be set up."""
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = Path(FOLDER.name)
    call_command("collectstatic", "--noinput", verbosity=0)
    return Path(FOLDER.name)
