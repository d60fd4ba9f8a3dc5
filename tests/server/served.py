"""A server as a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SEINPOST_")}


def command(*arguments: str) -> list[str]:
    """A seinpost command line."""
    return [sys.executable, "-m", "seinpost.cli.main", *arguments]


def told(*arguments: str) -> str:
    """What a command says on its output; it must succeed."""
    done = subprocess.run(command(*arguments), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A command that goes on."""
    return subprocess.Popen(command(*arguments), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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


def waited_for(happened: Callable[[], object], seconds: float = 90.0) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.2)
    return False
