"""PostgreSQL killed and stopped while people and machines are at work: told in words, nothing lost or half written."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from tests.database import place_in_memory
from tests.server.served import ask, free_port, started, told, waited_for

from seinpost.server.demo import PASSWORD
from seinpost.server.instance.keeper import living_postmaster
from seinpost.server.instance.postgres import FAST, Layout, lease

TEXT = "Betrokkene {} zei dat de baas zijn paspoort heeft afgenomen en dat hij niet weg mag uit het pand."
MACHINES, REGISTRATIONS = 2, 60
READERS = ("politie-analist", "politie-weger", "nla-analist")
BREAKS = (signal.SIGKILL, signal.SIGINT, signal.SIGKILL)
UNIT = "politie-avim-oost"


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with the demo's people."""
    with tempfile.TemporaryDirectory(prefix="seinpost-", dir=place_in_memory(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "data"
        told("demo", "--no-serve", "-n", "200", "--out", f"{name}/demo", "--data", str(folder))
        yield folder


class Asking:
    """Somebody with one connection who counts what they were answered."""

    def __init__(self, port: int, answers: Counter[str]) -> None:
        self._port, self._answers = port, answers
        self._line = http.client.HTTPConnection("localhost", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def ask(self, what: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """The status and the page; 0 when the line broke."""
        method = "GET" if body is None else "POST"
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._line.close()
            return 0, ""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.split(";", 1)[0]
        well = "tell" if answer.status == 503 and told_plainly(page, answer.headers) else "ok"
        self._answers[f"{what} {answer.status} {well}"] += 1
        return answer.status, page

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def log_in(self, login: str) -> Asking:
        """Log in as one of the demo's people."""
        _, page = self.ask("login", "/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        form = urlencode({"csrfmiddlewaretoken": token[1], "login": login, "password": PASSWORD})
        kind, origin = "application/x-www-form-urlencoded", f"http://localhost:{self._port}"
        assert self.ask("login", "/account/login/", form, **{"Content-Type": kind, "Origin": origin})[0] == 302
        return self


def told_plainly(page: str, headers: http.client.HTTPMessage) -> bool:
    """Whether somebody is told that the database is away, and when to try again."""
    return "De database antwoordt niet" in page and headers["Retry-After"] == "5"


def hand_in(port: int, secret: str, numbers: list[str], answers: Counter[str]) -> None:
    """Hand in registrations one by one; whoever is not told what became of one sends it again."""
    machine = Asking(port, answers)
    heads = {"Authorization": f"Bearer {secret.strip()}", "Content-Type": "application/json"}
    for number in numbers:
        body = json.dumps({"registrations": [{"registration_id": number, "text": TEXT.format(number)}]})
        while machine.ask("push", "/api/v1/registrations", body, **heads)[0] != 200:
            time.sleep(0.1)
    machine.close()


def read(person: Asking, done: threading.Event) -> None:
    """Look at pages until the end."""
    while not done.is_set():
        for path in ("/wachtrij/", "/", "/zoeken/?q=paspoort"):
            person.ask("page", path)
            time.sleep(0.02)
    person.close()


@pytest.mark.long(50)
def test_a_database_that_goes_away_under_load_is_told_and_nothing_is_lost(data: Path) -> None:
    where = ["--data", str(data)]
    secret = told("create-key", "bvh", "--unit", UNIT, "--source", "bvh", *where)
    port, answers, done = free_port(), Counter[str](), threading.Event()
    server = started("serve", "--port", str(port), "--workers", "2", *where)
    try:
        assert waited_for(lambda: (ask(f"http://127.0.0.1:{port}/readyz") or (0,))[0] == 200)
        numbers = [[f"R{who}-{n}" for n in range(REGISTRATIONS)] for who in range(MACHINES)]
        machines = [threading.Thread(target=hand_in, args=(port, secret, mine, answers)) for mine in numbers]
        people = [Asking(port, answers).log_in(login) for login in READERS]
        readers = [threading.Thread(target=read, args=(person, done)) for person in people]
        for thread in (*readers, *machines):
            thread.start()
        for how in BREAKS:
            time.sleep(1)
            break_off(data, how, answers)
        for thread in machines:
            thread.join(120)
        done.set()
        for thread in readers:
            thread.join(60)
        assert not any(thread.is_alive() for thread in (*machines, *readers))
    finally:
        done.set()
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    faults = {what: count for what, count in answers.items() if what.split()[1] in {"500", "502"} or "503 ok" in what}
    assert faults == {}
    assert answers["page 503 tell"] > 0, answers
    assert handed_in(data) == MACHINES * REGISTRATIONS
    assert int(told("check", "guarantee", *where)) >= MACHINES * REGISTRATIONS
    told("audit", "verify", *where)


def break_off(data: Path, how: signal.Signals, answers: Counter[str]) -> None:
    """End PostgreSQL, and wait until it is back and pages are seen again."""
    postmaster = living_postmaster(Layout(data / "database"))
    assert postmaster is not None
    os.kill(postmaster, how)
    assert waited_for(lambda: living_postmaster(Layout(data / "database")) not in (None, postmaster))
    seen = answers["page 200 ok"]
    assert waited_for(lambda: answers["page 200 ok"] > seen + len(READERS)), answers


def handed_in(data: Path) -> int:
    """How many signals came of what was handed in: each must be there once, with one text and one first event."""
    with lease(data / "database", FAST) as used, psycopg.connect(used.url("seinpost")) as connection:
        found = connection.execute(
            """SELECT count(*), count(DISTINCT external_id), sum(texts), sum(events) FROM (
                 SELECT external_id,
                   (SELECT count(*) FROM store_textversion t WHERE t.signal_id = s.id) AS texts,
                   (SELECT count(*) FROM store_caseevent e WHERE e.signal = s.id AND e.kind = 'registered') AS events
                 FROM store_signal s WHERE source = 'bvh' AND external_id LIKE 'R_-%') found"""
        ).fetchone()
    assert found is not None
    assert len({int(one) for one in found}) == 1, found
    return int(found[0])
