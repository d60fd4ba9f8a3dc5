"""The ranked list and one explanation for a terminal, as rich renderables; plain text where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seinpost.report.card import KINDS, SIGNS, again, name_of
from seinpost.report.passages import passages, visible
from seinpost.report.view import Bar, LedgerView, Mark, Names, SignalView, Third

TEXT_MOST = 1200
STYLES = {"evidence": "bold black on yellow3", "counter": "italic white on dodger_blue3", "likeness": "underline green"}
LAYER_STYLES = {"A": "bold magenta", "B": "bold dark_orange3", "C": "bold cyan", "D": "bold", "-": "bold"}
BAR_WIDTH = 28
EIGHTHS = " ▏▎▍▌▋▊▉█"


def plain(text: str, style: str = "") -> Text:
    """Text that no terminal acts on and rich does not read as markup."""
    return Text(visible(text), style=style)


def ledger_line(ledger: LedgerView) -> Text:
    """The proof in one line: received = flagged + not flagged + failed."""
    layers = " + ".join(f"{count:,} {layer}" for layer, count in ledger.flagged.items())
    verdict = "klopt" if ledger.balanced else "KLOPT NIET"
    return Text(
        f"{ledger.received:,} ontvangen = {layers} + {ledger.not_flagged:,} niet aangemerkt + {ledger.failed:,} "
        f"mislukt ({verdict})".replace(",", "."),
        style="default" if ledger.balanced else "bold red",
    )


def ranked_list(views: Sequence[SignalView], left_out: int = 0) -> RenderableType:
    """The signals in order, each with its reason and its words highlighted; every mark also carries its code."""
    parts: list[RenderableType] = []
    for view in views:
        parts += [heading(view), plain(view.reason_nl), highlighted(view), Text("")]
    if left_out:
        parts.append(Text(f"… en {left_out:,} signalen meer".replace(",", "."), style="dim"))
    return Group(*parts) if parts else Text("Geen signalen voor een lezer.")


def heading(view: SignalView) -> Text:
    """Rank, layer, id, score, forms and what a reader must know first."""
    line = Text()
    line.append(f"{view.rank:>4}. " if view.rank is not None else "")
    line.append(f"[{view.layer}]", style=LAYER_STYLES.get(view.layer, "bold"))
    line.append(f" {visible(view.registration_id)}", style="bold")
    line.append(f"  score {view.score:.2f}")
    line.append(f"  {visible(', '.join(view.forms)) or 'vorm onbekend'}")
    line.append("  minderjarige" * view.minor + "  misschien al bekend" * view.already_known, style="bold")
    return line


def highlighted(view: SignalView) -> Text:
    """The text with its marks; after each mark its code, so that it also reads without colour."""
    text = Text()
    for passage in passages(view.text, view.marks, TEXT_MOST):
        kinds = [mark.kind for mark in passage.marks]
        style = next((css for kind, css in STYLES.items() if kind in kinds), "")
        text.append("[…]" if passage.gap else passage.text, style=style)
        codes = list(dict.fromkeys(tag(mark) for mark in passage.ending))
        if codes:
            text.append(f"⟨{' '.join(codes)}⟩", style="dim")
    return text


def tag(mark: Mark) -> str:
    """The code of a mark with the sign of its kind."""
    return SIGNS[mark.kind].strip() + visible(mark.code)


def explanation(view: SignalView, names: Names) -> RenderableType:
    """One registration: why it is flagged or not, its words, the sum as a waterfall, and what was missing."""
    cause = name_of(names, "cause", view.cause)[0]
    parts: list[RenderableType] = [heading(view), plain(view.reason_nl), plain(f"{cause} ({view.cause})", "dim")]
    parts += [Text(""), highlighted(view), Text(""), *fact_lines(view, names), Text("")]
    if view.bars:
        parts += [waterfall(view.bars), *silent_lines(view.bars)]
    if view.missing:
        parts += [Text(""), Text("Wat ontbrak voor een hogere laag:", style="bold")]
        parts += [plain(f"  {layer if layer != 'NONE' else '-'}  {nl}") for layer, nl, _ in view.missing]
    return Group(*parts)


def fact_lines(view: SignalView, names: Names) -> Iterable[Text]:
    """Form, ILO dimensions and elements of art. 273f, a line each; unknown is said."""
    dimensions = [
        name_of(names, "dimension", code)[0] + (" (genoeg)" if code in view.positive_dimensions else "")
        for code in view.dimensions
    ]
    rows = (
        ("Vorm", [name_of(names, "form", form)[0] for form in view.forms]),
        ("ILO-dimensies", dimensions),
        ("Art. 273f Sr", [name_of(names, "element", element)[0] for element in view.elements]),
    )
    for label, values in rows:
        yield plain(f"{label:<14}{', '.join(values) or 'onbekend'}")
    if view.resemblance is not None:
        yield plain(f"{'Lijkt op':<14}{view.resembles or '?'} ({view.resemblance:.2f})")
    if view.words:
        yield plain(f"{'Weegt zwaarst':<14}{', '.join(f'{words} {weight:+.2f}' for words, weight in view.words)}")
    if view.third is not None:
        yield plain(f"{'Derde lezer':<14}{third_line(view.third)}")


def third_line(third: Third) -> str:
    """What the third reader did; the words above are of the second one alone."""
    if not third.was_read:
        return "las niet: de tweede lezer twijfelde niet"
    if not third.log_odds:
        return "las ook, en voegt niets toe"
    return (
        f"{third.log_odds:+.2f} bij de gelijkenis van de tweede lezer ({third.alone:.2f}), dichtst bij "
        f"{third.nearest or '?'}; over het stuk als geheel, niet in woorden te verdelen"
    )


def waterfall(bars: Sequence[Bar]) -> Table:
    """The contributions that add or take, with bars that start where the sum stood."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for column in ("regel", "waarom", "verloop"):
        table.add_column(column, overflow="fold")
    table.add_column("telt", justify="right", no_wrap=True)
    telling = [bar for bar in bars if bar.weight]
    edges = [0.0]
    for bar in telling:
        edges.append(edges[-1] + bar.weight)
    top = max([*edges, 0.001])
    for bar, start, end in zip(telling, edges, edges[1:], strict=False):
        why = plain(bar.sentence_nl)
        if bar.quote and bar.kind != "minor":
            why.append(f" “{visible(bar.quote)}”", style="italic dim")
        style = "green" if end >= start else "red"
        rule = plain(f"{bar.rule} {KINDS.get(bar.kind, (bar.kind,))[0]}")
        table.add_row(rule, why, Text(blocks(start, end, top), style=style), f"{bar.weight:+.2f}")
    table.add_row(Text("totaal", style="bold"), "", Text(blocks(0.0, edges[-1], top)), f"{edges[-1]:.2f}")
    return table


def blocks(start: float, end: float, top: float) -> str:
    """A bar of BAR_WIDTH characters on a scale from 0 to top; what is taken away is drawn light."""
    low, high = min(start, end) / top * BAR_WIDTH, max(start, end) / top * BAR_WIDTH
    first = int(low)
    if end < start:
        return " " * first + "░" * max(1, round(high) - first)
    whole = int(high - first)
    part = EIGHTHS[int((high - first - whole) * 8)]
    return " " * first + ("█" * whole + part.strip() or "▏")


def silent_lines(bars: Sequence[Bar]) -> Iterable[Text]:
    """Counter-evidence that took nothing, and context: shown, though it counts for nothing."""
    silent = [bar for bar in bars if not bar.weight and (bar.kind == "counter" or not again(bar))]
    for bar in dict.fromkeys(silent):
        yield plain(f"  telt niet mee: {bar.sentence_nl} “{bar.quote or ''}” ({bar.rule})", "dim")
