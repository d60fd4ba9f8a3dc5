"""The server's kind of password hash at the least cost: what costs a guesser time costs every test that time too.

What the server hashes with is in tests/server/test_environment.py; servers that run as processes of their own use it.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """Argon2 with the least memory and one pass."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
