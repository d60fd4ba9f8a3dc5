"""Every page in a real browser: WCAG 2.2 AA by axe, 400 % zoom, dark, without script, nothing from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, BrowserContext, Page
from tests.api.machine import fresh_key
from tests.web.people import Office, file_one, open_office
from tests.web.test_stories import done, view

from seinpost.packs.procedure.terms import Role, Verb

AXE = Path(__file__).parent.parent / "report" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAYS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 1280), ("light", 320))
TALL = 3000  # nothing lies under the bar that stays in view: axe would call what one can scroll to too small
SHOTS = os.environ.get("SCREENSHOTS")  # a folder: keep a picture of every page there


@pytest.fixture
def office(site: str) -> Office:
    return open_office()


def entered(browser: Browser, site: str, office: Office, role: Role, **settings: object) -> BrowserContext:
    """A browser window in which somebody of this role is logged in."""
    client = office.client(role)
    context = browser.new_context(base_url=site, **settings)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    cookies = [{"name": name, "value": one.value, "url": site} for name, one in client.cookies.items()]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context


def attach(office: Office) -> None:
    """Two files with the signal, one of them erased."""
    analyst, officer = office.client(Role.ANALYST), office.client(Role.PRIVACY_OFFICER)
    for name, text in (("Brief van de buurvrouw, gescand bij de balie.txt", b"brief"), ("verkeerd.txt", b"verkeerd")):
        done(analyst, office.signal, Verb.ATTACH, file=SimpleUploadedFile(name, text), origin="Van de buurvrouw.")
    digest = view(office.signal).attachments[1].digest
    done(officer, office.signal, Verb.ERASE_ATTACHMENT, digest=digest, words="Hoort bij een heel andere zaak.")


def pages(office: Office) -> Iterator[tuple[Role, str, str]]:
    """Every page with somebody who may see it, and its name."""
    key = office.signal
    yield Role.ANALYST, "today", "/"
    yield Role.ANALYST, "queue", "/wachtrij/"
    yield Role.ANALYST, "queue-cards", "/wachtrij/?weergave=kaarten"
    yield Role.ANALYST, "queue-empty", "/wachtrij/?laag=D"
    yield Role.ANALYST, "queue-saved", "/wachtrij/?alles=ja&laag=A"
    yield Role.ANALYST, "search", "/zoeken/?q=paspoorten"
    yield Role.ANALYST, "search-none", "/zoeken/?q=zzzz"
    attach(office)
    for part in ("", "verrijken/", "wegen/", "taken/", "bijlagen/", "geschiedenis/"):
        yield Role.ANALYST, f"signal-{part.strip('/') or 'read'}", f"/signalen/{key}/{part}"
    for verb in (
        Verb.CONFIRM,
        Verb.DISMISS,
        Verb.JOIN,
        Verb.POSTPONE,
        Verb.LOOK_UP,
        Verb.MARK_URGENT,
        Verb.CORRECT,
        Verb.ATTACH,
    ):
        yield Role.ANALYST, f"act-{verb.value}", f"/signalen/{key}/doen/{verb.value}/"
    yield Role.WEIGHER, "act-weigh", f"/signalen/{key}/doen/weigh/"
    yield Role.COORDINATOR, "act-close", f"/signalen/{key}/doen/close/"
    yield Role.ANALYST, "filing", "/melden/"
    yield Role.ANALYST, "filing-sheet", "/melden/blad/"
    yield Role.ADMINISTRATOR, "filing-refused", "/melden/"
    form = office.client(Role.ANALYST).post("/melden/nieuw/").headers["Location"].split("/")[2]
    yield Role.ANALYST, "filing-summary", f"/melden/{form}/"
    for question in ("danger", "forms", "what", "victims", "own-number"):
        yield Role.ANALYST, f"filing-{question}", f"/melden/{form}/vraag/{question}/"
    yield Role.ADMINISTRATOR, "refused", f"/signalen/{key}/"
    yield Role.DETECTIVE, "break-glass", f"/signalen/{key}/noodtoegang/"
    yield Role.COORDINATOR, "guarantee", "/waarborg/"
    yield Role.COORDINATOR, "drift", "/drempel/"
    yield Role.COORDINATOR, "silence", "/stille-regels/"
    yield Role.PRIVACY_OFFICER, "view-log", "/inzagelog/"
    yield Role.PRIVACY_OFFICER, "glass", "/noodtoegang/"
    yield Role.ANALYST, "mail-settings", "/voorkeuren/mail/"
    yield Role.ADMINISTRATOR, "work", "/beheer/taken/"
    yield Role.ADMINISTRATOR, "people", "/beheer/mensen/"
    fresh_key()
    yield Role.ADMINISTRATOR, "keys", "/beheer/sleutels/"
    yield Role.ANALYST, "api-docs", "/api/v1/docs"
    yield Role.ADMINISTRATOR, "person", f"/beheer/mensen/{office.world.people['politie', Role.ANALYST].pk}/"


def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, site: str, office: Office) -> None:
    """Each page is asked for once and looked at three ways: its style alone follows the width and the scheme."""
    for _ in range(3):
        file_one("politie")
    windows: dict[Role, BrowserContext] = {}
    faults: list[tuple[str, str, str]] = []
    for role, name, address in pages(office):
        if role not in windows:
            windows[role] = entered(browser, site, office, role, reduced_motion="reduce")  # no colour halfway
        page = windows[role].new_page()
        strange = requests_of(page)
        page.goto(address)
        for scheme, width in WAYS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": TALL})
            way = f"{name}-{width}-{scheme}"
            faults += [(way, *fault) for fault in look(page)]
            keep(page, way)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((way, "scrolls sideways", ""))
        faults += [(name, url, "") for url in strange if not url.startswith(site)]
        page.close()
    for window in windows.values():
        window.close()
    assert faults == []


def requests_of(page: Page) -> list[str]:
    """The addresses a page asks for, as they come."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    return seen


def look(page: Page) -> list[tuple[str, str]]:
    """What axe finds, with everything folded open."""
    page.evaluate("document.querySelectorAll('main details').forEach((more) => { more.open = true; })")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS)
    return [(v["id"], " | ".join(n["html"][:140] for n in v["nodes"][:2])) for v in found["violations"]]


def test_one_thing_is_done_to_several(browser: Browser, site: str, office: Office) -> None:
    file_one("politie")
    context = entered(browser, site, office, Role.ANALYST, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto("/wachtrij/")
    page.get_by_label("Alles van dit filter (2)").check()
    page.get_by_label("Met de gekozen signalen").select_option("dismiss")
    page.get_by_role("button", name="Verder").click()
    assert look(page) == []
    page.get_by_label("De registratie verklaart het zelf").check()
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    assert look(page) == []
    page.get_by_role("button", name="leg deze 2 vast").click()
    assert "2 signalen gedaan" in page.inner_text("main")
    assert look(page) == []
    context.close()


def keep(page: Page, name: str) -> None:
    """Keep a picture, for people who ask for them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_the_content_security_policy_is_kept(browser: Browser, site: str, office: Office) -> None:
    context = entered(browser, site, office, Role.ANALYST)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(f"/signalen/{office.signal}/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert said == []
    context.close()


def test_deciding_works_without_script(browser: Browser, site: str, office: Office) -> None:
    context = entered(browser, site, office, Role.ANALYST, java_script_enabled=False)
    page = context.new_page()
    page.goto("/wachtrij/")
    page.get_by_role("button", name="Volgende lezen").click()
    page.get_by_role("link", name="Geen signaal").click()
    page.get_by_label("De registratie verklaart het zelf").check()
    page.get_by_role("button", name="Geen signaal").click()
    assert "Vastgelegd" in page.inner_text("main")
    context.close()


def test_ten_registrations_are_read_and_decided_with_the_keyboard_alone(
    browser: Browser, site: str, office: Office
) -> None:
    for _ in range(9):
        file_one("politie")
    context = entered(browser, site, office, Role.ANALYST)
    page = context.new_page()
    page.goto("/wachtrij/")
    for number in range(10):
        page.keyboard.press("n")
        page.wait_for_url("**/signalen/*/")
        page.keyboard.press("s" if number % 2 else "g")
        page.wait_for_url("**/doen/*/")
        if number % 2:
            page.get_by_role("button", name="Signaal", exact=True).focus()
        else:
            page.get_by_label("De registratie verklaart het zelf").focus()
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/wachtrij/")
    page.goto("/wachtrij/?fase=registered")
    assert "Niets met dit filter" in page.inner_text("main")
    page.goto("/")
    assert page.locator("[data-walk] li").count() == 5  # the five that are signals now are the analyst's to enrich
    context.close()
