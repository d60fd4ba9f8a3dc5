"""The web server as a process of its own: healthy, guarded by its headers, and gone with its database when killed."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.database import place_in_memory
from tests.server.served import ENVIRONMENT, ask, command, free_port, started, waited_for

from seinpost.server.instance.keeper import living_postmaster
from seinpost.server.instance.postgres import Layout


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that an ordinary user can reach too."""
    with tempfile.TemporaryDirectory(prefix="seinpost-", dir=place_in_memory(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_serves_with_its_headers_and_leaves_nothing_behind_when_killed(folder: Path) -> None:
    data = ["--data", str(folder)]
    refused = subprocess.run(command("serve", *data), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert refused.returncode == 8
    assert "seinpost migrate" in refused.stderr
    subprocess.run(command("migrate", *data), env=ENVIRONMENT, check=True, capture_output=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = started("serve", "--port", str(port), "--workers", "2", *data)
    try:
        assert waited_for(lambda: ask(f"{url}/healthz") is not None)
        status, headers = ask(f"{url}/healthz") or (0, {})
        assert status == 200
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert waited_for(lambda: ask(f"{url}/healthz") is None)
    assert waited_for(lambda: living_postmaster(Layout(folder / "database")) is None)
