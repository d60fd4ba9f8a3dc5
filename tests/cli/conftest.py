"""One small pack and one compiled scanner for the whole session."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.packs.bench_pack import make_pack

from seinpost.packs import load_pack
from seinpost.run.engine import Engine


@pytest.fixture(scope="session")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small pack."""
    return make_pack(tmp_path_factory.mktemp("pack") / "small")


@pytest.fixture(scope="session")
def engine(pack_folder: Path) -> Engine:
    """A scanner and score of the small pack, compiled once."""
    return Engine(load_pack(pack_folder))
