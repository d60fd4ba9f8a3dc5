"""A newcomer's first day on the demo, as people live it: logging in, ten registrations with the keys alone, enriching,
weighing with a second person, the coordinator's proof, and somebody of another service who sees nothing of it.

`SCREENSHOTS=docs/images uv run pytest tests/journeys/test_first_day.py` renews the pictures in the documentation.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as papq
import pytest
from playwright.sync_api import Browser, Locator, Page
from tests.journeys.pictures import take
from tests.store.world import plan

from seinpost.cli.scan import Options, scan_files
from seinpost.packs.procedure.terms import ListName, Phase
from seinpost.server.demo import PASSWORD, file_demo_run, make_demo_world
from seinpost.store.acting import as_system, working_for
from seinpost.store.models import Signal
from seinpost.synth import write

SIZE = {"width": 1280, "height": 860}
MANY_TABS = 90  # more than any page of these has to tab through
SAID = "Gelezen en nagekeken; zo staat het in de registratie."
TEN = 10


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The police part of a made-up day, scanned."""
    folder = tmp_path_factory.mktemp("day")
    write(folder / "all.parquet", 1_000, 2026, threads=os.cpu_count() or 1)
    table = papq.read_table(folder / "all.parquet")
    papq.write_table(table.filter(pc.equal(table["service"], "politie")), folder / "day.parquet")
    scan_files(Options((str(folder / "day.parquet"),), folder / "run"), overwrite=True, threads=None, report_limit=0)
    return folder / "run"


@pytest.fixture
def demo(site: str, day: Path) -> str:
    """The demo with this day in the queue of the police; its address."""
    now = datetime.now(UTC)
    make_demo_world(now)
    assert file_demo_run("politie-avim-oost", day, now, plan()).filed > TEN
    return site


def arrived(browser: Browser, demo: str, login: str) -> Page:
    """A window of somebody who logged in through the page, with the keys alone."""
    page = browser.new_context(base_url=demo, reduced_motion="reduce", viewport=SIZE).new_page()  # type: ignore[arg-type]
    page.context.set_default_timeout(30_000)
    page.goto("/account/login/")
    tab_to(page, page.get_by_label("Inlognaam"))
    page.keyboard.type(login)
    tab_to(page, page.get_by_label("Wachtwoord"))
    page.keyboard.type(PASSWORD)
    if login == "politie-analist":
        take(page, "login")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/" not in url)
    return page


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(MANY_TABS):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keys do not reach {target} on {page.url}")


def press(page: Page, target: Locator) -> None:
    """Go to a button or link with Tab and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def read_ten(page: Page) -> tuple[Counter[str], str]:
    """Take the next ten of the queue one after the other and decide on each, in turn: no signal and a signal where
    both may be said of it, else a signal and unsure. How often each was decided, and the last signal that could rest.
    """
    decided: Counter[str] = Counter()
    quiet, address = 0, ""
    for number in range(TEN):
        page.keyboard.press("n")
        page.wait_for_url("**/signalen/*/")
        if number == 0:
            take(page, "workbench")
        key = "st"[number % 2]
        if page.locator("[data-key=g]").count():
            key, quiet = "gs"[quiet % 2], quiet + 1
            address = page.url if key == "s" else address
        decided[key] += 1
        page.keyboard.press(key)
        page.wait_for_url("**/doen/*/")
        if key == "g":
            tab_to(page, page.locator("[name=reason]").first)
            page.keyboard.press("Space")
            take(page, "decide")
        press(page, page.locator("form[method=post] p button.sp-button--go"))
        page.wait_for_url("**/wachtrij/")
        assert "Vastgelegd" in page.locator("#berichten").inner_text()
    return decided, address


def phases() -> Counter[str]:
    """How many signals of the police stand in each phase."""
    with working_for(as_system("politie"), reach="all"):
        return Counter(Signal.objects.values_list("phase", flat=True))


def enrich(page: Page, address: str) -> None:
    """Record every required step of a signal, and put it before the weighers."""
    page.goto(address)
    page.get_by_role("link", name="Verrijken").click()
    required = page.locator(".sp-steps li", has=page.get_by_text("verplicht", exact=True)).all()
    ways = [step.locator("a").evaluate_all("(all) => all.map((one) => one.href)") for step in required]
    for number, way in enumerate(ways):
        page.goto(way[number % 2])  # to record it, or to say why not; what is done goes to the end of the page
        if page.locator("[name=grade]").count():
            page.locator("[name=system]").select_option(index=1)
            page.get_by_label("Niets gevonden").check()
            page.locator("[name=grade]").first.check()
        page.locator("[name=words]").fill(SAID)
        if number == 0:
            take(page, "look-up")
        page.locator("button.sp-button--go").last.click()
        page.wait_for_url("**/verrijken/")
    take(page, "enrich")
    page.keyboard.press("a")
    page.wait_for_url("**/doen/submit/")
    page.locator("button.sp-button--go").last.click()
    page.wait_for_url("**/signalen/*/")


def weighed(page: Page, address: str) -> None:
    """Weigh it, every criterion with a sentence: no follow-up, with where leads were looked for."""
    page.goto(address)
    page.keyboard.press("w")
    page.wait_for_url("**/doen/weigh/")
    for criterion in page.locator("fieldset[id^=veld-answer-]").all():
        criterion.get_by_role("radio").nth(2).check()
    for words in page.locator("textarea[name^=words]").all():
        words.fill(SAID)
    page.get_by_label("Niet opvolgen", exact=True).check()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    take(page, "weigh")
    page.locator("details.sp-fold summary").first.press("Enter")
    page.locator("[name=reason]").first.check()
    page.locator("[name=closing_words]").fill(SAID)
    for code, entry in plan().lists[ListName.LEADS].items():
        if entry.always:
            page.locator(f"[name=lead-{code}]").fill(SAID)
    page.locator("[name=victim][value=unreachable]").check()
    page.locator("[name=victim_words]").fill("Driemaal gebeld op drie dagen; geen gehoor.")
    page.locator("button.sp-button--go").last.click()
    page.wait_for_url("**/wegen/")
    assert "wacht op een tweede persoon" in page.inner_text("main")
    assert page.get_by_role("link", name="Stem in").count() == 0, "not for who proposed it"
    take(page, "second-person")


@pytest.mark.long(50)
def test_a_newcomers_day_from_the_login_page_to_the_coordinators_proof(browser: Browser, demo: str) -> None:
    analyst = arrived(browser, demo, "politie-analist")
    take(analyst, "today")
    press(analyst, analyst.get_by_role("link", name="Wachtrij").first)
    analyst.wait_for_url("**/wachtrij/")
    take(analyst, "queue")
    decided, address = read_ten(analyst)
    stand = phases()
    assert decided.total() == TEN
    assert set(decided) == {"s", "t", "g"}
    assert stand[Phase.ENRICHMENT] == decided["s"]
    assert stand[Phase.DISMISSED] == decided["g"]
    enrich(analyst, address)
    weighed(arrived(browser, demo, "politie-weger"), address)
    second = arrived(browser, demo, "politie-weger2")
    second.goto(address)
    second.keyboard.press("i")
    second.wait_for_url("**/doen/agree/")
    second.locator("[name=words]").fill(SAID)
    second.locator("button.sp-button--go").last.click()
    second.wait_for_url("**/signalen/*/")
    second.goto(f"{address}wegen/")
    assert "Tweede persoon stemt in" in second.inner_text("main")
    take(second, "closed")
    coordinator = arrived(browser, demo, "politie-coordinator")
    coordinator.goto("/waarborg/")
    said = coordinator.inner_text("main")
    assert "in orde" in said
    assert "niet in orde" not in said.lower()
    assert re.search(r"[1-9]\d*\s+signalen bekeken\s+0\s", said), said
    take(coordinator, "guarantee")
    sees_nothing(arrived(browser, demo, "nla-analist"), address)
    for context in browser.contexts:
        context.close()


def sees_nothing(page: Page, address: str) -> None:
    """Nothing of it is there for somebody of another service: no page, no row, no hit."""
    for part in ("", "verrijken/", "wegen/", "geschiedenis/", "doen/weigh/"):
        answer = page.goto(address + part)
        assert answer is not None
        assert answer.status == 404, part
    take(page, "outsider")
    page.goto("/wachtrij/")
    assert "De wachtrij is leeg" in page.inner_text("main")
    assert page.locator("[data-walk-to]").count() == 0
    with working_for(as_system("politie"), reach="all"):
        number = Signal.objects.get(pk=address.rstrip("/").rsplit("/", 1)[-1]).number
    for asked in (f"P-{number:06d}", "paspoort", "werk"):
        page.goto(f"/zoeken/?q={asked}")
        assert "Niets gevonden" in page.inner_text("main"), asked
    page.goto("/")
    assert page.locator("[data-walk-to]").count() == 0
