"""Other software on the same job, each wrapped so that it can be timed and its hits compared with ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

Found = tuple[int, ...]
"""(registration, term, start, end) for a peer that gives spans; (registration,) for one that does not."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer, ready to run.

    `job` does the whole job on an array of texts and gives what it found; `registrations` is how many texts it is
    timed on; `raw` is its bare search on texts that are already folded, without word check, spans or places back.
    """

    name: str
    package: str
    lacks: str
    registrations: int
    job: Callable[[pa.Array], Any]
    found: Callable[[pa.Array], set[Found]]
    raw: Callable[[list[str]], object] | None = None
