"""One signal as an HTML card: reason, highlighted text, facts, and the contributions as a table with waterfall bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from seinpost.report.passages import Passage, passages, visible
from seinpost.report.view import Bar, Mark, Names, SignalView

TEXT_MOST = 4000
CLASSES = {"evidence": "ev", "counter": "ct", "likeness": "lk"}
SIGNS = {"evidence": "", "counter": "≠ ", "likeness": "≈ "}
KINDS = {
    "indicator": ("aanwijzing", "indicator"),
    "minor": ("minderjarige", "minor"),
    "counter": ("spreekt tegen", "speaks against"),
    "dimension": ("ILO-dimensie", "ILO dimension"),
    "combination": ("combinatie", "combination"),
    "resemblance": ("gelijkenis", "resemblance"),
    "encoder": ("derde lezer", "third reader"),
}


@lru_cache(4096)
def safe(text: str) -> str:
    """Text for HTML: control characters made visible, then escaped. Remembered: a report says the same words often."""
    return escape(visible(text), quote=True)


@lru_cache(4096)
def two(nl: str, en: str) -> str:
    """The same in both languages; the page shows one."""
    return f'<span class="nl">{safe(nl)}</span><span class="en" lang="en">{safe(en)}</span>'


def name_of(names: Names, what: str, code: str) -> tuple[str, str]:
    """Dutch and English name of a code; the code itself where the pack no longer knows it."""
    return names.get(what, {}).get(code, (code, code))


def number(value: float) -> str:
    """A weight with two decimals and a real minus sign."""
    return f"{value:+.2f}".replace("-", "−") if value else "0"


def highlighted(text: str, marks: Sequence[Mark], names: Names) -> str:
    """The text with its marks; every mark ends with the code it stands for, so nothing hangs on colour."""
    return "".join(passage_html(passage, names) for passage in passages(text, marks, TEXT_MOST))


def passage_html(passage: Passage, names: Names) -> str:
    """One passage: plain, marked, or a sign that text was left out."""
    if passage.gap:
        return f'<span class="gap"> [… {two("ingekort", "shortened")} …] </span>'
    text = escape(passage.text, quote=True)
    if not passage.marks:
        return text
    kinds = {mark.kind for mark in passage.marks}
    kind = next(kind for kind in CLASSES if kind in kinds)
    return f'<mark class="{CLASSES[kind]}">{text}{tags(passage.ending, names)}</mark>'


def tags(ending: Iterable[Mark], names: Names) -> str:
    """The codes of the marks that end here, with the indicator's name and the context as a tooltip."""
    found = dict.fromkeys((mark.kind, mark.code, mark.context) for mark in ending)
    return "".join(tag(kind, code, context, names) for kind, code, context in found)


def tag(kind: str, code: str, context: str, names: Names) -> str:
    """One code in small print."""
    title = name_of(names, "indicator", code)[0]
    if kind == "counter":
        title += f" ({name_of(names, 'context', context)[0]})"
    return f'<sup title="{safe(title)}"> {SIGNS[kind]}{safe(code)}</sup>'


def waterfall(bars: Sequence[Bar]) -> str:
    """The contributions that add or take, each with its bar from the running total, and the total below."""
    telling = [bar for bar in bars if bar.weight]
    edges = [0.0]
    for bar in telling:
        edges.append(edges[-1] + bar.weight)
    top = max([*edges, 0.001])
    rows = [bar_row(bar, edges[k], edges[k + 1], top) for k, bar in enumerate(telling)]
    total = (
        f'<tr class="total"><th scope="row">{two("totaal", "total")}</th><td></td>'
        f'<td class="bar">{svg(0.0, edges[-1], top, "sum")}</td><td class="n">{edges[-1]:.2f}</td></tr>'
    )
    head = "".join(
        f'<th scope="col"{css}>{two(nl, en)}</th>'
        for nl, en, css in (
            ("Regel", "Rule", ""),
            ("Waarom", "Why", ""),
            ("Verloop", "Course", ""),
            ("Telt", "Adds", ' class="n"'),
        )
    )
    caption = two("Zo telt de score op", "How the score adds up")
    body = "".join(rows) + total
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def bar_row(bar: Bar, start: float, end: float, top: float) -> str:
    """One row of the waterfall."""
    kind = two(*KINDS.get(bar.kind, (bar.kind, bar.kind)))
    quote = f' <q lang="nl">{safe(bar.quote)}</q>' if bar.quote and bar.kind != "minor" else ""
    return (
        f'<tr><th scope="row">{safe(bar.rule)}<br><small>{kind}</small></th>'
        f"<td>{two(bar.sentence_nl, bar.sentence_en)}{quote}</td>"
        f'<td class="bar">{svg(start, end, top, "up" if end >= start else "down")}</td>'
        f'<td class="n">{number(bar.weight)}</td></tr>'
    )


def svg(start: float, end: float, top: float, css: str) -> str:
    """A bar from start to end on a scale from 0 to top; the number stands beside it, so it is hidden from readers."""
    low, high = min(start, end), max(start, end)
    x, width = 1000 * low / top, max(1000 * (high - low) / top, 4.0)
    return (
        '<svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<line class="axis" x1="0" y1="0" x2="0" y2="20"/>'
        f'<rect class="{css}" x="{x:.0f}" y="3" width="{width:.0f}" height="14"/></svg>'
    )


def also(bars: Sequence[Bar]) -> str:
    """What speaks against but took nothing, and what only helps the reader: shown, though it counts for nothing."""
    silent = [bar for bar in bars if not bar.weight and (bar.kind == "counter" or not again(bar))]
    if not silent:
        return ""
    items = "".join(
        f'<li>{two(bar.sentence_nl, bar.sentence_en)} <q lang="nl">{safe(bar.quote or "")}</q> ({safe(bar.rule)})</li>'
        for bar in dict.fromkeys(silent)
    )
    return (
        f'<p>{two("Ook gevonden, telt niet mee:", "Also found, counts for nothing:")}</p><ul class="also">{items}</ul>'
    )


def again(bar: Bar) -> bool:
    """A repeated hit: marked in the text already."""
    return bar.sentence_nl.startswith("Nog een keer:")


def facts(view: SignalView, names: Names) -> str:
    """Form, indicators, ILO dimensions, elements of art. 273f and marks of one signal as a definition list."""
    unknown = two("onbekend", "unknown")
    forms = [two(*name_of(names, "form", form)) for form in view.forms] or [unknown]
    dimensions = [dimension(view, code, names) for code in view.dimensions] or [unknown]
    elements = [two(*name_of(names, "element", element)) for element in view.elements] or [unknown]
    indicators = [f"{safe(code)} {two(*name_of(names, 'indicator', code))}" for code in view.indicators]
    rows = [
        (("Vorm", "Form"), forms),
        (("Aanwijzingen", "Indicators"), indicators or [two("geen", "none")]),
        (("ILO-dimensies", "ILO dimensions"), dimensions),
        (("Art. 273f Sr", "Art. 273f Criminal Code"), elements),
    ]
    if view.resemblance is not None:
        rows.append((("Lijkt op", "Resembles"), [f"{safe(view.resembles or '?')} ({view.resemblance:.2f})"]))
    lines = {"Indicators": ' class="lines"'}
    return "".join(
        f"<dt>{two(*term)}</dt><dd><ul{lines.get(term[1], '')}>{items(values)}</ul></dd>" for term, values in rows
    )


def items(values: Iterable[str]) -> str:
    """List items of ready HTML."""
    return "".join(f"<li>{value}</li>" for value in values)


def dimension(view: SignalView, code: str, names: Names) -> str:
    """One ILO dimension, with a tick where it is positive."""
    enough = f" <strong>✓ {two('genoeg', 'enough')}</strong>" if code in view.positive_dimensions else ""
    return two(*name_of(names, "dimension", code)) + enough


def flags(view: SignalView) -> str:
    """What a reader must know first: a minor; a matter already known."""
    found = [("minderjarige", "minor")] * view.minor + [("misschien al bekend", "may be known")] * view.already_known
    return "".join(f'<span class="flag">{two(*flag)}</span>' for flag in found)


def card(view: SignalView, place: int, names: Names) -> str:
    """One signal as a list item."""
    layer = view.layer if view.layer in "ABCD" else "D"
    rank = f'<span class="rank">{view.rank}.</span>' if view.rank is not None else ""
    return (
        f'<li><article class="card l{layer.lower()}" id="s{place}" tabindex="-1" aria-labelledby="h{place}" '
        f'data-layer="{safe(view.layer)}" data-forms="{safe(" ".join(view.forms))}" '
        f'data-indicators="{safe(" ".join(view.indicators))}">'
        f'<div class="head">{rank}<span class="badge">{two(f"laag {view.layer}", f"layer {view.layer}")}</span>'
        f'<h2 id="h{place}">{safe(view.registration_id)}</h2>{flags(view)}'
        f'<span class="score">{two("score", "score")} {view.score:.2f}</span></div>'
        f'<p class="why">{two(view.reason_nl, view.reason_en)}</p>'
        f'<p class="cause">{two(*name_of(names, "cause", view.cause))} ({safe(view.cause)})</p>'
        f'<div class="text" lang="nl">{highlighted(view.text, view.marks, names)}</div>'
        f'<dl class="facts">{facts(view, names)}</dl>'
        f"<details><summary>{two('Hoe de score optelt', 'How the score adds up')}"
        f'<span class="vh"> {safe(view.registration_id)}</span></summary>{waterfall(view.bars)}{also(view.bars)}'
        f"</details></article></li>"
    )
