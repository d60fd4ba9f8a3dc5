"""The engine of a pack, kept warm in one process for all its threads, and the explanation of one text by it."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa

from seinpost.packs import find_pack
from seinpost.run.engine import Engine
from seinpost.run.prepared import prepare_pack
from seinpost.scan.scanner import Workspace
from seinpost.score.encoder import load_reader
from seinpost.score.encoder.reader import EncodedEye
from seinpost.score.explain import Explanation, explain
from seinpost.score.eye import Eye
from seinpost.score.eye.weights import word_weights


class WarmEngine:
    """An engine with a workspace for each thread; `pack` is its id and version, as a signal keeps them.

    With `encoder` the third reader reads along; raises SettingError where it cannot.
    """

    def __init__(self, pack: str, kept: Path, *, encoder: bool = False) -> None:
        prepared = prepare_pack(pack, kept)
        reader = load_reader(prepared.pack, find_pack(pack), semantic=True, encoder=encoder)
        self.engine = Engine(prepared.pack, reader, prepared.tables)
        self.pack = f"{prepared.pack.id} {prepared.pack.version}"
        self.own = threading.local()

    def workspace(self) -> Workspace:
        """The workspace of this thread."""
        if not hasattr(self.own, "workspace"):
            self.own.workspace = self.engine.workspace()
        found: Workspace = self.own.workspace
        return found


LOCK = threading.Lock()
WARM: dict[tuple[str, Path, bool], WarmEngine] = {}


def warm_engine(pack: str, kept: Path, *, encoder: bool = False) -> WarmEngine:
    """The engine of a pack; made by the first who asks, while all others wait for it."""
    with LOCK:
        if (pack, kept, encoder) not in WARM:
            WARM[pack, kept, encoder] = WarmEngine(pack, kept, encoder=encoder)
        return WARM[pack, kept, encoder]


def explain_text(
    engine: Engine, text: str, registration_id: str = "-", *, workspace: Workspace | None = None
) -> Explanation:
    """Why a text is a signal, or why it is not: the one explanation that the command and the pages give."""
    texts = pa.array([text], pa.large_string())
    hits = engine.hits(texts, workspace)
    seen = engine.eye.read(texts) if engine.eye is not None else None
    eye = engine.eye.eye if isinstance(engine.eye, EncodedEye) else engine.eye
    words = word_weights(eye, text) if isinstance(eye, Eye) else ()
    return explain(engine.builder, text, hits, seen, registration_id, words=words)
