"""The HTML report: one file that asks nothing of a network, reads without JavaScript, and prints."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib import resources

from seinpost.report.card import card, name_of, safe, two
from seinpost.report.view import PEOPLE, LedgerView, Names, SignalView

TITLE = ("Seinpost: signalen om te lezen", "Seinpost: signals to read")
LEAD = (
    "Een treffer is een reden om te lezen, nooit een conclusie over een persoon. Lees van boven naar beneden: de "
    "volgorde is laag, dan score.",
    "A hit is a reason to read, never a conclusion about a person. Read from the top down: by layer, then by score.",
)
LOGO = (
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path fill="currentColor" d="M14 30V13h4v17zM16 '
    '2l9 4-9 5zM9 30h14v2H9z"/><circle cx="16" cy="6" r="2.4" fill="currentColor"/></svg>'
)
KEYS = (
    ("j / k", "volgend of vorig signaal", "next or previous signal"),
    ("o", "optelling open of dicht", "open or close the sum"),
    ("/", "zoeken", "search"),
    ("l", "Nederlands of Engels", "Dutch or English"),
    ("?", "deze hulp", "this help"),
)


def render_html(views: Sequence[SignalView], ledger: LedgerView, names: Names, left_out: int = 0) -> str:
    """The whole report as one string; `left_out` says how many signals did not fit."""
    return "".join(parts(views, ledger, names, left_out))


def parts(views: Sequence[SignalView], ledger: LedgerView, names: Names, left_out: int) -> Iterator[str]:
    """The report in pieces, so that a large one can be written as it is made."""
    assets = resources.files("seinpost.report") / "assets"
    style, script = ((assets / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    yield head(style, script)
    yield top(ledger)
    yield f'<main class="wrap" id="signals"><h2 class="vh">{two("Signalen", "Signals")}</h2>'
    yield tools(views, names)
    yield f'<p class="status" id="status" role="status">{two(f"{len(views)} signalen", f"{len(views)} signals")}</p>'
    yield legend()
    if not views:
        yield f"<p>{two('Geen signalen voor een lezer.', 'No signals for a reader.')}</p>"
    yield '<ol class="cards">'
    for place, view in enumerate(views, 1):
        yield card(view, place, names)
    yield "</ol>"
    if left_out:
        yield left_out_line(left_out)
    yield f"</main>{help_dialog()}{footer(ledger)}<script>{script}</script></body></html>\n"


def left_out_line(left_out: int) -> str:
    """How many signals did not fit, and where they are."""
    nl = (
        f"{grouped(left_out)} signalen lager in de volgorde staan niet in dit verslag; ze staan wel in signals.parquet."
    )
    en = f"{grouped(left_out)} signals lower in the order are not in this report; they are in signals.parquet."
    return f'<p class="status"><strong>{two(nl, en)}</strong></p>'


def head(style: str, script: str) -> str:
    """The head, with a policy that lets exactly this style and this script run, and nothing else load."""
    policy = f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'"
    policy += "; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="nl"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>{safe(TITLE[0])}</title><style>{style}</style></head><body>"
    )


def digest(text: str) -> str:
    """A content-security-policy source for an inline block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def top(ledger: LedgerView) -> str:
    """Title, language, and the ledger as a sum."""
    return (
        f'<a class="skip" href="#signals">{two("Naar de signalen", "To the signals")}</a>'
        f'<header class="top"><div class="wrap"><div class="brand"><h1>{LOGO}{two(*TITLE)}</h1>'
        '<fieldset class="lang"><legend class="vh">Taal / Language</legend>'
        '<label><input type="radio" name="lang" id="lang-nl" checked> <span lang="nl">Nederlands</span></label>'
        '<label><input type="radio" name="lang" id="lang-en"> <span lang="en">English</span></label></fieldset></div>'
        f'<p class="lead">{two(*LEAD)}</p>{sum_of(ledger)}'
        f'<p class="proof">{proof(ledger)}</p></div></header>'
    )


def sum_of(ledger: LedgerView) -> str:
    """Received = flagged per layer + not flagged + failed."""
    cells = [(ledger.received, "ontvangen", "received")]
    cells += [(count, f"laag {layer}", f"layer {layer}") for layer, count in ledger.flagged.items()]
    cells += [(ledger.not_flagged, "niet aangemerkt", "not flagged"), (ledger.failed, "mislukt", "failed")]
    shown = []
    for place, (count, nl, en) in enumerate(cells):
        if place:
            shown.append(f'<li class="op" aria-hidden="true">{"=" if place == 1 else "+"}</li>')
        shown.append(f"<li><b>{grouped(count)}</b><span>{two(nl, en)}</span></li>")
    return f'<ul class="ledger">{"".join(shown)}</ul>'


def proof(ledger: LedgerView) -> str:
    """Whether the sum holds, what was read, and with which pack."""
    holds = (
        ("De telling klopt.", "The count holds.")
        if ledger.balanced
        else ("De telling klopt NIET.", "The count does NOT hold.")
    )
    sources = ", ".join(ledger.sources[:8]) + (f" … (+{len(ledger.sources) - 8})" if len(ledger.sources) > 8 else "")
    made = f" {two('Gemaakt', 'Made')}: {safe(ledger.made)}." if ledger.made else ""
    return (
        f"<strong>{two(*holds)}</strong> {two('Bron', 'Source')}: {safe(sources)}. "
        f"{two('Regels', 'Rules')}: {safe(ledger.pack_id)} {safe(ledger.pack_version)} "
        f"({safe(ledger.pack_digest[:12])}).{made}"
    )


def grouped(number: int) -> str:
    """A count with thin spaces between the thousands, right in both languages."""
    return f"{number:,}".replace(",", "\u202f")


def tools(views: Sequence[SignalView], names: Names) -> str:
    """Search and filters; without JavaScript they are not shown, and everything else is."""
    layers = sorted({view.layer for view in views} | set(PEOPLE))
    boxes = "".join(
        f'<label><input type="checkbox" name="layer" value="{safe(layer)}" checked> {safe(layer)}</label>'
        for layer in layers
    )
    forms = sorted({form for view in views for form in view.forms})
    indicators = sorted({code for view in views for code in view.indicators})
    return (
        '<form class="tools" role="search"><div>'
        f'<label for="search">{two("Zoek in tekst en uitleg", "Search text and explanation")}</label>'
        '<input type="search" id="search" autocomplete="off" spellcheck="false"></div>'
        f'<fieldset><legend>{two("Laag", "Layer")}</legend><div class="boxes">{boxes}</div></fieldset>'
        f'<div><label for="form">{two("Vorm", "Form")}</label>{select("form", forms, names)}</div>'
        f'<div><label for="indicator">{two("Aanwijzing", "Indicator")}</label>'
        f"{select('indicator', indicators, names)}</div>"
        f'<button type="reset">{two("Wis filters", "Clear filters")}</button>'
        f'<button type="button" id="open-help">{two("Hulp en sneltoetsen", "Help and shortcuts")}</button></form>'
    )


def select(what: str, codes: Sequence[str], names: Names) -> str:
    """A choice among codes; an option cannot hold two languages, so the script swaps its text."""
    options = [("", "alle", "all")]
    for code in codes:
        nl, en = name_of(names, what, code)
        options.append((code, f"{code} {nl}", f"{code} {en}"))
    return (
        f'<select id="{what}">'
        + "".join(
            f'<option value="{safe(code)}" data-nl="{safe(nl)}" data-en="{safe(en)}">{safe(nl)}</option>'
            for code, nl, en in options
        )
        + "</select>"
    )


def legend() -> str:
    """What the marks mean."""
    return (
        '<ul class="legend">'
        f'<li><mark class="ev">{two("woorden", "words")}<sup> DOC-01</sup></mark> {two("aanwijzing", "evidence")}</li>'
        f'<li><mark class="ct">{two("woorden", "words")}<sup> ≠ DOC-01</sup></mark> '
        f"{two('spreekt ertegen of is onzeker', 'speaks against it, or is uncertain')}</li>"
        f'<li><mark class="lk">{two("zin", "sentence")}<sup> ≈ SEKS-1</sup></mark> '
        f"{two('lijkt op een bekende situatie', 'resembles a known situation')}</li></ul>"
    )


def help_dialog() -> str:
    """Help with the keys, and a way to switch them off."""
    rows = "".join(f"<dt><kbd>{key}</kbd></dt><dd>{two(nl, en)}</dd>" for key, nl, en in KEYS)
    return (
        f'<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">{two("Hulp", "Help")}</h2><dl>{rows}</dl>'
        f'<p><label><input type="checkbox" id="keys" checked> {two("Sneltoetsen aan", "Shortcuts on")}</label></p>'
        f'<form method="dialog"><button>{two("Sluiten", "Close")}</button></form></dialog>'
    )


def footer(ledger: LedgerView) -> str:
    """What the report is not."""
    return (
        '<footer class="wrap"><p>'
        + two(
            "De score ordent het lezen. Zij sluit niets uit en zegt niets over schuld of slachtofferschap. "
            "Nationaliteit, afkomst, geloof, taal, verblijfsstatus en sekswerk tellen op zichzelf nooit mee.",
            "The score orders reading. It rules nothing out and says nothing about guilt or victimhood. Nationality, "
            "ethnicity, religion, language, legal status and sex work never count by themselves.",
        )
        + f"</p><p>{safe(ledger.pack_id)} {safe(ledger.pack_version)} · {safe(ledger.pack_digest)}</p></footer>"
    )
