"""The report in a real browser: WCAG 2.2 AA by axe, keyboard, filters, language, narrow, no script, no errors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.report.views import LEDGER, NAMES, hostile, signal

from seinpost.report.html import render_html

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("SEINPOST_REQUIRE_BROWSER") != "1",
    reason="no Chromium on this machine (apt-get install chromium; SEINPOST_REQUIRE_BROWSER=1 makes this a failure)",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "SEINPOST_REQUIRE_BROWSER=1, but there is no Chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    views = [
        signal(),
        signal(registration_id="R-2", rank=2, layer="A", forms=("SEKS",), indicators=("SEK-01",)),
        hostile(),
        signal(registration_id="x" * 90, rank=4, layer="B", text="lang" * 400, marks=()),
    ]
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_html(views, LEDGER, NAMES, 12), encoding="utf-8")
    return path.as_uri()


def opened(browser: Browser, report: str, width: int = 1280, scheme: str = "light", script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(report)
    return page


def shown(page: Page) -> list[str]:
    return page.locator(".card:not([hidden]) h2").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light")])
def test_axe_finds_nothing(browser: Browser, report: str, width: int, scheme: str) -> None:
    page = opened(browser, report, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true; })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]] == []
    page.context.close()


def test_no_sideways_scrolling_at_400_percent(browser: Browser, report: str) -> None:
    page = opened(browser, report, 320)
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_nothing_runs_that_is_not_ours(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.keyboard.press("j")
    assert said == []
    assert asked == [report]
    page.context.close()


def test_keyboard(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "s2"
    page.keyboard.press("k")
    page.keyboard.press("o")
    assert page.evaluate("document.querySelector('#s1 details').open")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.locator("#keys").uncheck()
    page.locator("#help button").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") != "card"
    page.context.close()


def test_filters(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    assert len(shown(page)) == 4
    page.fill("#search", "Ingehouden R-2")
    assert shown(page) == ["R-2"]
    page.fill("#search", "")
    page.select_option("#form", "ARB")
    assert shown(page) == ["R-1", "x" * 90]
    page.locator("input[name=layer][value=B]").uncheck()
    assert shown(page) == ["R-1"]
    assert page.locator("#status").inner_text() == "1 van 4 signalen getoond"
    page.locator("button[type=reset]").click()
    expect(page.locator(".card:not([hidden])")).to_have_count(4)  # filters follow the reset, not the click
    page.select_option("#indicator", "SEK-01")
    assert shown(page) == ["R-2"]
    page.context.close()


def test_language(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    assert page.locator("h1").inner_text() == "Seinpost: signalen om te lezen"
    page.keyboard.press("l")
    assert page.locator("h1").inner_text() == "Seinpost: signals to read"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.context.close()


def test_without_script_everything_but_the_tools_is_there(browser: Browser, report: str) -> None:
    page = opened(browser, report, script=False)
    assert page.locator(".card").count() == 4
    assert not page.locator("form.tools").is_visible()
    page.locator("#lang-en").check()
    assert page.locator("h1").inner_text() == "Seinpost: signals to read"
    page.locator("#s1 summary").click()
    assert page.locator("#s1 table").is_visible()
    page.context.close()
