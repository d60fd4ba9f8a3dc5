"""A person at work, as their browser would be: one connection, cookies, forms with their tokens."""

from __future__ import annotations

import http.client
import random
import re
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlencode

PASSWORD = "seinpost-demo-nergens-anders"
WORDS = ("paspoort afgenomen", "schuld", "hotelkamer", "massagesalon", "minderjarige", "champignons", "vrachtwagen")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SIGNAL = re.compile(r'href="(/signalen/[0-9a-f-]{36}/)[?"]')
QUEUE = "/wachtrij/?fase=registered"  # what nobody decided on yet
REFUSED, FIRST, PAST = 422, 409, ("Dit kan niet in de fase", "Dit signaal is intussen veranderd; kijk ")
"""What a reader at a busy desk is told when somebody else was first, while they read or before: no fault."""
FORMS = re.compile(r'name="forms" value="([^"]+)"')
TICKED = re.compile(r'name="forms" value="([^"]+)"[^>]* checked')


class Reader:
    """One person with one connection and their cookies."""

    def __init__(self, login: str, port: int, taken: dict[str, list[float]], faults: list[str]) -> None:
        self.login, self._port = login, port
        self._connection = http.client.HTTPConnection("localhost", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._taken, self._faults = taken, faults

    def ask(self, what: str, path: str, form: Sequence[tuple[str, str]] | None = None) -> tuple[int, str, str]:
        """Send one request; status, page and address to go on to. `what` names the row it counts in, if any."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://localhost:{self._port}",
                "Referer": f"http://localhost:{self._port}{path}",
            }
        began = time.perf_counter()
        try:
            body = None if form is None else urlencode(form)
            self._connection.request("GET" if form is None else "POST", path, body, headers)
            answer = self._connection.getresponse()
            page, spent = answer.read().decode(), time.perf_counter() - began
        except (OSError, http.client.HTTPException) as error:
            self._faults.append(f"{what} {path}: {error!r}")
            self._connection.close()
            return 0, "", ""
        late = answer.status == FIRST or (answer.status == REFUSED and any(said in page for said in PAST))
        if what:
            self._taken["somebody was first" if late else what].append(spent)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.split(";", 1)[0]
        if answer.status >= 500 or (what and answer.status >= 400 and not late):
            self._faults.append(f"{what} {path}: {answer.status}")
        return answer.status, page, answer.getheader("Location") or ""

    def log_in(self) -> None:
        """Log in, or say what came instead."""
        _, page, _ = self.ask("", "/account/login/")
        form = (("csrfmiddlewaretoken", token(page)), ("login", self.login), ("password", PASSWORD))
        status, page, onward = self.ask("", "/account/login/", form)
        if status != 302:
            sys.exit(f"{self.login} cannot log in: {status} {page[:500]}")
        self.ask("", onward)
        self._connection.close()  # until everybody is there it may be idle for longer than the server waits

    def work(self, until: float, pause: float, chance: random.Random) -> None:
        """Read, decide and search until the end; people do not sit down at the same second."""
        time.sleep(chance.uniform(0, 5 * pause))
        while time.monotonic() < until:
            _, page, _ = self.ask("queue", QUEUE)
            self.rest(pause, chance)
            found = SIGNAL.findall(page)
            if found:
                self.read_one(chance.choice(found), pause, chance)
            self.ask("search", f"/zoeken/?{urlencode({'q': chance.choice(WORDS)})}")
            self.rest(pause, chance)

    def read_one(self, path: str, pause: float, chance: random.Random) -> None:
        """Open a signal and call it one, with the forms that stand there, or one of them where none is proposed."""
        self.ask("signal", path)
        self.rest(pause, chance)
        status, page, _ = self.ask("form", f"{path}doen/confirm/")
        if status != 200:
            return  # decided on meanwhile
        fields = [("csrfmiddlewaretoken", token(page)), ("words", ""), *hidden(page)]
        fields += [("forms", one) for one in TICKED.findall(page) or [chance.choice(FORMS.findall(page))]]
        self.rest(pause, chance)
        self.ask("decision", f"{path}doen/confirm/", fields)
        self.rest(pause, chance)

    @staticmethod
    def rest(pause: float, chance: random.Random) -> None:
        """Wait as a reader does: about `pause` seconds, sometimes much longer."""
        time.sleep(min(chance.expovariate(1 / pause), 5 * pause))


def token(page: str) -> str:
    """The token of a page's form."""
    found = TOKEN.search(page)
    return found[1] if found else ""


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a page's form."""
    fields: list[tuple[str, str]] = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
