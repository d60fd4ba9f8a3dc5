"""The web server as a process of its own: healthy, guarded by its headers, and gone with its database when killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from seinpost.server.instance.keeper import living_postmaster
from seinpost.server.instance.postgres import Layout


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that an ordinary user can reach too."""
    with tempfile.TemporaryDirectory(prefix="seinpost-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def command(*arguments: str) -> list[str]:
    """A seinpost command line."""
    return [sys.executable, "-m", "seinpost.cli.main", *arguments]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def ask(url: str) -> tuple[int, dict[str, str]] | None:
    """The status and headers of an answer; None when nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {}
    except OSError:
        return None


def waited_for(happened: object, seconds: float = 90.0) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():  # type: ignore[operator]
            return True
        time.sleep(0.2)
    return False


def test_it_serves_with_its_headers_and_leaves_nothing_behind_when_killed(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEINPOST_")}
    data = ["--data", str(folder)]
    refused = subprocess.run(command("serve", *data), env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 8
    assert "seinpost migrate" in refused.stderr
    subprocess.run(command("migrate", *data), env=environment, check=True, capture_output=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        command("serve", "--port", str(port), "--workers", "2", *data),
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
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
