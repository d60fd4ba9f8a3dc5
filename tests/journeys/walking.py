"""Walking a page with Tab as somebody without a mouse does, and what is wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

LISTED = """() => {
  const tabbable = 'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]),'
    + ' select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';
  const group = (one) => [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)].filter(
    (other) => other.form === one.form);
  const alone = (one) => one.type !== 'radio' || (group(one).find((other) => other.checked) ?? group(one)[0]) === one;
  window.all = [...document.querySelectorAll(tabbable)].filter(
    (one) => one.checkVisibility({ visibilityProperty: true }) && alone(one));
  document.activeElement.blur();
  window.scrollTo(0, 0);
  return window.all.length;
}"""
"""List what Tab should reach, in the order of the page; of a group of choices that is one."""
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const clear = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(([x, y]) => {
    const there = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return there !== null && (here.contains(there) || there.contains(here));
  });
  return [window.all.indexOf(here), ring, clear, here.outerHTML.slice(0, 120)];
}"""
"""What has the focus: its place in the list, whether its ring shows, whether nothing lies over it, and its markup."""
PARTS = 8  # a day has one stop for each number and one for its calendar


def walk(page: Page, name: str) -> Iterator[tuple[str, str]]:
    """Walk a page from its first to its last element and one back; everything that is wrong."""
    many, places, last, still = page.evaluate(LISTED), list[int](), "", 0
    while many - 1 not in places and still < PARTS and len(places) < 3 * many:
        page.keyboard.press("Tab")
        place, ring, clear, html = page.evaluate(FOCUSED)
        still, last = still + 1 if html == last else 0, html
        if not (clear and (ring or still)):  # a part of a day has the browser's own ring
            yield name, f"{'covered' if ring else 'no ring'}: {html}"
        if place >= 0:  # what scrolls may have the focus itself
            places.append(place)
    if places != sorted(places):
        yield name, f"out of order: {places}"
    for place in sorted(set(range(many)) - set(places)):
        yield name, f"not reached: {page.evaluate('(n) => window.all[n].outerHTML.slice(0, 120)', place)}"
    for _ in range(PARTS):
        page.keyboard.press("Shift+Tab")
    if many > 1 and page.evaluate(FOCUSED)[0] == many - 1:
        yield name, "no way back"


def skip(page: Page, name: str) -> Iterator[tuple[str, str]]:
    """The first Tab shows the link that skips the menu, and it leads into the page; what is wrong with that."""
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    if link.get_attribute("href") != "#inhoud" or (link.bounding_box() or {"y": -1})["y"] < 0:
        yield name, "the first Tab does not show the link to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    reached = page.evaluate("document.activeElement.closest('main, .sp-decide') !== null")
    if not reached and page.locator("main :is(a[href], button, input, select, textarea, summary)").count():
        yield (
            name,
            f"the link to the content leads to {page.evaluate('document.activeElement.outerHTML.slice(0, 120)')}",
        )
