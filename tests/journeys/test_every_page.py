"""Every page and state in a real browser: WCAG 2.2 AA by axe, 400 % zoom, dark, nothing from elsewhere, and the keys.

One world for all of it. That no page is forgotten is tested: an address that answers GET is looked at, or stands in the
table of what is no page, with why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import Browser, Page
from tests.database import fresh
from tests.journeys.conftest import serving
from tests.journeys.places import NO_PAGE, Place, make, places
from tests.journeys.test_pages import entered, keep, look
from tests.journeys.walking import skip, walk
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Role
from seinpost.web.forms.all import FORMS

WAYS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 1280), ("light", 320))
ALIKE: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 320))
LIKE_OTHERS = ("act-", "english-", "fault-")
"""Pages of the same template as another are looked at two ways."""
TALL = 3000  # nothing lies under the bar that stays in view: axe would call what one can scroll to too small
PARTS = 4  # so that no core waits for the other at the end
DUMMIES: dict[str, Any] = {"uuid": uuid4(), "int": 1, "slug": "x", "str": "x", "path": "x"}


MAIN = (
    *("today", "queue", "search", "signal-registered", "signal-pending-wegen", "signal-verrijken", "signal-taken"),
    *("act-weigh", "act-attach", "filing-what", "guarantee", "drift", "person", "keys", "person-right"),
)
WORDS_SEEN = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1;
  const cut = [...document.querySelectorAll('main *, .sp-decide *')].filter((one) => {
    const style = getComputedStyle(one);
    return shown(one) && ['auto', 'scroll'].includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
  });
  const ink = [...document.querySelectorAll('main h1, main p, main td, main dd, main li')].filter(shown).map(
    (one) => getComputedStyle(one).color.match(/[\\d.]+/g).slice(0, 3).map(Number));
  return {
    hidden: ['.sp-top', '.sp-decide', '.sp-footer', '.sp-filters', '.sp-pager', '.sp-idle'].filter(
      (name) => document.querySelector(name)?.checkVisibility()),
    cut: cut.map((one) => one.className),
    pale: ink.filter(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b > 128).length,
    closed: [...document.querySelectorAll('main .sp-fold > .sp-fold__body')].filter(
      (one) => !one.closest('.sp-no-print') && !shown(one)).length,
  };
}"""
"""On paper: what should not be there, what is cut off, what is too pale for white paper, what stays folded."""
COLOURS_GIVEN = """() => {
  const faults = [];
  for (const bar of document.querySelectorAll('.sp-why__bar')) {
    const [ground, part] = [...bar.querySelectorAll('rect')].map((one) => getComputedStyle(one).fill);
    if (ground === part) faults.push('a bar has no end');
  }
  for (const [name, edge] of [['.sp-button', 'borderTopStyle'], ['.sp-badge', 'borderTopStyle'],
      ['.sp-panel', 'borderTopStyle'], ['.sp-nav [aria-current]', 'borderBottomStyle'],
      ['.sp-tabs [aria-current]', 'borderTopStyle'], ['.sp-hit', 'borderBottomStyle']])
    for (const one of document.querySelectorAll(name))
      if (one.checkVisibility() && getComputedStyle(one)[edge] === 'none') faults.push(`${name} has no edge`);
  for (const step of document.querySelectorAll('.sp-phases [aria-current]')) {
    const mark = getComputedStyle(step, '::before');
    const same = mark.backgroundColor === getComputedStyle(document.body).backgroundColor;
    if (same) faults.push('the present step looks as the rest');
  }
  return [...new Set(faults)];
}"""
"""With colours forced by the reader's system: what loses its shape."""


@dataclass(frozen=True, slots=True)
class Site:
    """A server on a world with a signal in every state, and every page of it."""

    address: str
    office: Office
    places: tuple[Place, ...]


@pytest.fixture(scope="module")
def site(instance: Any) -> Iterator[Site]:
    """For all tests of this module; none changes what another looks at."""
    logging.disable(logging.WARNING)  # pages are asked for that are not there, or not for this reader
    # On a busy machine these pages take longer than a proof of who one is lasts.
    slow = {"ACCOUNT_REAUTHENTICATION_TIMEOUT": 3600, "PROOF_SECONDS": 3600}
    with fresh(instance), override_settings(**slow):
        world = make(open_office())
        found = tuple(places(world))
        with serving() as address:
            yield Site(address, world.office, found)
    logging.disable(logging.NOTSET)


class Windows:
    """A window for each role and language that looks, with one page that goes from place to place.

    A page of its own for every place would be a process of its own for every place.
    """

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._pages: dict[tuple[Role, str], Page] = {}
        self.asked: list[str] = []

    def page(self, place: Place) -> Page:
        """The page of who looks at this place, as wide and light as it was at first."""
        if (place.role, place.language) not in self._pages:
            self._pages[place.role, place.language] = self._made(place)
        page = self._pages[place.role, place.language]
        page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        page.set_viewport_size({"width": 1280, "height": 800})
        return page

    def _made(self, place: Place) -> Page:
        site, still = self._site, "reduce"  # no colour halfway
        window = entered(self._browser, site.address, site.office, place.role, reduced_motion=still)
        language: Any = {"name": "django_language", "value": place.language, "url": site.address}
        window.add_cookies([language])
        page = window.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    def close(self) -> None:
        """Close every window."""
        for page in self._pages.values():
            page.context.close()


@pytest.mark.long(90)
@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, site: Site, part: int) -> None:
    """Each page is asked for once and looked at two or three ways: its style alone follows the width and the scheme."""
    seen, faults = Windows(browser, site), list[tuple[str, str, str]]()
    for number, place in enumerate(site.places):
        if number % PARTS != part:
            continue
        page = seen.page(place)
        opened(page, place)
        for scheme, width in ALIKE if place.name.startswith(LIKE_OTHERS) or place.press else WAYS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": TALL})
            way = f"{place.name}-{width}-{scheme}"
            faults += [(way, *fault) for fault in look(page)]
            keep(page, way)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((way, "scrolls sideways", ""))
        faults += [(place.name, url, "") for url in seen.asked if not url.startswith(site.address)]
        seen.asked.clear()
    seen.close()
    assert not faults, "\n".join(": ".join(fault) for fault in faults)


def opened(page: Page, place: Place) -> None:
    """Open a page, and press what is to be pressed; it must be the page that was meant."""
    if place.body:
        page.route(f"**{place.address}", lambda route: route.fulfill(body=place.body, content_type="text/html"))
    page.goto(place.address)
    if place.press:
        page.locator(place.press).first.click()
        page.locator("#fouten").wait_for()
    assert urlsplit(page.url).path == urlsplit(place.address).path, f"{place.name} leads to {page.url}"
    assert page.locator("html").get_attribute("lang") == place.language, place.name


def named(under: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the server that has a name."""
    for found in (under or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from named(found)
        elif found.name:
            yield found


def test_every_page_is_looked_at_or_stands_in_the_table_of_what_is_none(site: Site) -> None:
    seen = set()
    for place in site.places:
        try:
            seen.add(resolve(urlsplit(place.address).path).view_name)
        except Resolver404:
            assert place.name.startswith(("not-found", "fault-"))
    excused = {name for names in NO_PAGE.values() for name in names}
    patterns = {found.name: found for found in named()}
    assert excused <= set(patterns), "the table names what is not there"
    assert not excused & seen, "the table names what is looked at"
    forgotten = []
    for name in set(patterns) - excused - seen:
        dummies = [
            DUMMIES[one.__class__.__name__.removesuffix("Converter").lower().replace("string", "str")]
            for one in patterns[name].pattern.converters.values()
        ]
        if Client(HTTP_HOST="localhost").get(reverse(name, args=dummies)).status_code != 405:
            forgotten.append(name)
    assert forgotten == []


def test_every_form_of_a_verb_is_looked_at(site: Site) -> None:
    assert {place.name for place in site.places} >= {f"act-{verb.value}" for verb in FORMS}


@pytest.mark.long(30)
def test_the_keys_reach_everything_in_order_and_the_focus_always_shows(browser: Browser, site: Site) -> None:
    """The main pages, each walked from the skip link to the end and one back, as the page opens; in forced colours the
    same must show, and on paper nothing is cut off, pale or still folded.
    """
    seen, faults = Windows(browser, site), list[tuple[str, str]]()
    chosen = {place.name: place for place in site.places if place.name in MAIN}
    assert set(chosen) == set(MAIN)
    for name, place in chosen.items():
        page = seen.page(place)
        opened(page, place)
        faults += skip(page, name)
        page.goto(place.address)
        faults += walk(page, name)
        page.emulate_media(forced_colors="active")
        keep(page, f"{name}-forced")
        faults += [(name, f"forced colours: {fault}") for fault in page.evaluate(COLOURS_GIVEN)]
        page.goto(place.address)
        faults += [(f"{name}, forced colours", fault) for _, fault in walk(page, name)]
        page.emulate_media(media="print", forced_colors="none")
        page.set_viewport_size({"width": 1100, "height": 800})  # paper on its side
        keep(page, f"{name}-print")
        faults += [(name, f"on paper {what}: {value}") for what, value in page.evaluate(WORDS_SEEN).items() if value]
    seen.close()
    assert not faults, "\n".join(": ".join(fault) for fault in faults)
