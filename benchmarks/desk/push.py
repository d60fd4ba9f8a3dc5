"""How long a machine waits for `POST /api/v1/registrations`: a server, a PostgreSQL that waits for its disk, HTTP.

    uv run --directory benchmarks python -m desk.push [--rounds N] [--data DIR]

Each round asks every kind once, one after another over one connection. The plain answers (no key; `/healthz`) tell how
much of it is the server and the machine.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from common import alternate, clock, head, parser, row, rows

from seinpost.packs.procedure.terms import Processing, Profile, Task
from seinpost.server.database import migrate, opened

FLAGGED = "Betrokkene {} zei dat de baas zijn paspoort heeft afgenomen en dat hij niet weg mag uit het pand. "
PLAIN = "Fiets {} gestolen bij het station, slot doorgeknipt, geen camera's. "
FILLER = "Verbalisant sprak met de melder en nam de gegevens op. Verder geen bijzonderheden. " * 5
NUMBER = itertools.count()
START_SECONDS = 60


@contextmanager
def served(data: Path) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """A server with a service and a key; a connection to it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with opened(data):
        from seinpost.server.people import create_key
        from seinpost.store.actions.people import make_service, make_unit

        migrate()
        now = datetime.now(UTC)
        service = make_service(code="politie", profile=Profile.POLITIE, name_nl="p", name_en="p", now=now)
        make_unit(
            code="team",
            service=service,
            task=Task.POLICE,
            processing=Processing.WPG_8,
            name_nl="t",
            name_en="t",
            now=now,
        )
        secret = create_key(name="benchmark", unit="team", source="bvh", days=1, now=now)
        command = [sys.executable, "-m", "seinpost.cli.main", "serve", "--port", str(port), "--workers", "1"]
        settings = {"SEINPOST_API_PER_MINUTE": "600000", "SEINPOST_LOG_LEVEL": "warning"}
        server = subprocess.Popen([*command, "--no-timed"], env=os.environ | settings)
        try:
            yield connected(port), secret
        finally:
            server.terminate()
            server.wait()


def connected(port: int) -> http.client.HTTPConnection:
    """A connection, once the server answers."""
    for _ in range(START_SECONDS * 10):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError("the server does not answer")


def sender(connection: http.client.HTTPConnection, secret: str) -> Callable[[list[str], list[str], str], None]:
    """A function that hands in texts under numbers, and checks what became of them."""
    heads = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Host": "localhost"}

    def send(numbers: list[str], texts: list[str], became: str) -> None:
        items = [{"registration_id": n, "text": t} for n, t in zip(numbers, texts, strict=True)]
        connection.request("POST", "/api/v1/registrations", json.dumps({"registrations": items}), heads)
        answer = connection.getresponse()
        body = answer.read()
        found = {one["result"] for one in json.loads(body)["results"]} if answer.status == 200 else set()
        if found != {became}:
            raise SystemExit(f"{answer.status} {body[:300]!r}, expected {became}")

    return send


def plain(connection: http.client.HTTPConnection, method: str, address: str) -> Callable[[], None]:
    """A request without a key."""

    def ask() -> None:
        connection.request(method, address, headers={"Host": "localhost"})
        connection.getresponse().read()

    return ask


def fresh(count: int, text: str) -> tuple[list[str], list[str]]:
    """So many registrations that were never handed in."""
    numbers = [f"R{next(NUMBER)}" for _ in range(count)]
    return numbers, [text.format(number) + FILLER for number in numbers]


def main() -> None:
    """Measure and print."""
    options = parser("handing in over HTTP", rounds=200, cache=False)
    options.add_argument("--data", type=Path, help="folder of the database; else a temporary one")
    chosen = options.parse_args()
    head(
        "Push",
        "One connection, one server process, PostgreSQL of its own with fsync; 500 characters.",
        bare=chosen.bare,
    )
    with tempfile.TemporaryDirectory(prefix="seinpost-push-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with served(chosen.data or Path(folder)) as (connection, secret):
            send = sender(connection, secret)
            known = fresh(1, FLAGGED)
            first = clock(lambda: send(*known, "filed"))
            runs = {
                "`/healthz`": plain(connection, "GET", "/healthz"),
                "401, no key": plain(connection, "GET", "/api/v1/registrations/00000000-0000-0000-0000-000000000000"),
                "1, not flagged": lambda: send(*fresh(1, PLAIN), "not-flagged"),
                "1, flagged and filed": lambda: send(*fresh(1, FLAGGED), "filed"),
                "1, known": lambda: send(*known, "known"),
                "100, not flagged": lambda: send(*fresh(100, PLAIN), "not-flagged"),
                "100, flagged and filed": lambda: send(*fresh(100, FLAGGED), "filed"),
            }
            taken = alternate(runs, chosen.rounds)
    print(f"The very first request, which loads the pack: {first:.2f} s.\n")
    rows(("request", "rounds", "p50 ms", "p95 ms", "least ms"))
    for name, seconds in taken.items():
        cuts = statistics.quantiles(seconds, n=20)
        row(
            name,
            len(seconds),
            *(f"{1000 * value:.1f}" for value in (statistics.median(seconds), cuts[18], min(seconds))),
        )


if __name__ == "__main__":
    main()
