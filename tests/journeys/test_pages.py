"""Pages at work in a real browser: several at once, without script, under the strict policy, with the keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from tests.web.people import Office, file_one, open_office

from seinpost.packs.procedure.terms import Role, Verb
from seinpost.store.models import Notice, ViewLog

AXE = Path(__file__).parent.parent / "report" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """(tags) => axe.run(document, {
  runOnly: tags, resultTypes: ['violations'], selectors: false, ancestry: false, elementRef: false,
}).then((found) => found.violations.map(
  (one) => [one.id, one.nodes.slice(0, 2).map((node) => node.html.slice(0, 140)).join(' | ')]))"""
"""What axe finds wrong, and nothing else: to write down and send all that is well took as long as to look."""
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
    return [(rule, html) for rule, html in page.evaluate(FOUND, TAGS)]


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
    notices_are_put_away_in_place(page, office)
    what_must_be_mended_has_the_focus(page, office)
    moves_in_place(page, office)
    assert said == []
    context.close()


def notices_are_put_away_in_place(page: Page, office: Office) -> None:
    """What was told is put away where it stands, and the focus stays there; the page itself is not loaded anew."""
    analyst = office.world.people["politie", Role.ANALYST]
    given = {"unit": "politie-team", "person": str(analyst.pk), "words": "Wil jij dit lezen?"}
    assign = reverse("signal-act", args=[office.signal, Verb.ASSIGN.value])
    assert office.client(Role.COORDINATOR).post(assign, given).status_code == 302
    page.goto("/")
    told = page.locator("#uw-berichten")
    assert told.locator("li").count() == 1
    page.evaluate("window.same = true")
    told.get_by_role("button", name="Alles gezien").press("Enter")
    told.get_by_text("Geen nieuwe berichten.").wait_for()
    assert page.evaluate("window.same"), "the page itself stayed"
    assert page.evaluate("document.activeElement.id") == "berichten-kop"
    assert Notice.objects.using("owner").filter(person=analyst, read_at=None).count() == 0


def what_must_be_mended_has_the_focus(page: Page, office: Office) -> None:
    """A form that was refused begins at the list of what is wrong, and each line of it leads to its field."""
    page.goto(reverse("signal-act", args=[office.signal, Verb.DISMISS.value]))
    page.locator("main").get_by_role("button", name="Geen signaal").click()
    page.locator("#fouten").wait_for()
    assert page.evaluate("document.activeElement.id") == "fouten"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "veld-reason"


def moves_in_place(page: Page, office: Office) -> None:
    """Of the queue the rows alone follow its filter, and a text opens under its line: under the same policy."""
    looks = ViewLog.objects.using("owner").filter(signal=office.signal, verb="read")
    before = looks.count()
    page.goto("/wachtrij/")
    page.evaluate("window.same = true")
    asked = requests_of(page)
    text = page.locator("[data-peek]")
    assert text.get_attribute("aria-expanded") == "false"
    text.press("Enter")
    opened = page.locator(".sp-peek__text .sp-reading")
    opened.wait_for()
    assert "paspoorten" in opened.inner_text()
    assert text.get_attribute("aria-expanded") == "true"
    assert looks.count() == sum(f"/signalen/{office.signal}/" in one for one in asked) + before
    assert look(page) == []
    keep(page, "queue-peek")
    text.press("Enter")
    opened.wait_for(state="detached")
    page.get_by_label("Laag", exact=True).select_option("D")
    page.get_by_text("Niets met dit filter").wait_for()
    assert "laag=D" in page.url
    page.get_by_label("Laag", exact=True).select_option("A")
    text.wait_for()
    assert "laag%3DA" in (text.get_attribute("href") or "")
    assert page.evaluate("window.same"), "the page itself stayed"
    page.context.clear_cookies()
    page.get_by_label("Laag", exact=True).select_option("B")
    page.wait_for_url("**/account/login/**")  # what has no rows is opened as a page


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
            tab_to(page, "Signaal")
        else:
            page.keyboard.press(reason_key(page, "De registratie verklaart het zelf"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/wachtrij/")
    page.goto("/wachtrij/?fase=registered")
    assert "Niets met dit filter" in page.inner_text("main")
    page.goto("/")
    assert page.locator("[data-walk] li").count() == 5  # the five that are signals now are the analyst's to enrich
    context.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = "document.activeElement.matches('main button') ? document.activeElement.innerText.trim() : ''"
        if page.evaluate(here) == name:
            return
    raise AssertionError(f"Tab never came to the button {name}")


def reason_key(page: Page, label: str) -> str:
    """The digit that the page shows beside an option."""
    key = page.locator("label", has_text=label).locator("kbd").inner_text()
    assert key in "123456789"
    return key
