"""The command `seinpost`: the outermost room, the only one that knows a terminal, a clock and the environment."""

from __future__ import annotations

import sys

from seinpost import private_folder

if sys.dont_write_bytecode and sys.pycache_prefix is None:
    # PYTHONDONTWRITEBYTECODE keeps Python from leaving files beside the sources. Without any bytecode every start
    # compiles 1,600 files, a second and more; so it goes to our own folder instead, beside the compiled kernels.
    sys.pycache_prefix = str(private_folder() / "bytecode")
    sys.dont_write_bytecode = False
