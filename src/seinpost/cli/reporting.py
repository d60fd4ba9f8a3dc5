"""The HTML report of a run, made from its own tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as papq

from seinpost.packs.pack import Pack
from seinpost.report.html import render_html
from seinpost.report.view import PEOPLE, LedgerView, SignalView, signal_views
from seinpost.run.engine import Counts
from seinpost.run.job import Reporter
from seinpost.run.merge import First
from seinpost.run.read.sources import Source
from seinpost.score.sentences import names


def ledger_view(pack: Pack, sources: Sequence[str], counts: Counts) -> LedgerView:
    """The proof of a run as the reports show it. No clock: the same run gives the same report."""
    return LedgerView(
        received=counts.received,
        flagged=counts.flagged or {},
        not_flagged=counts.not_flagged,
        failed=counts.failed,
        sources=tuple(sources),
        pack_id=pack.id,
        pack_version=pack.version,
        pack_digest=pack.digest,
        made="",
    )


def first_signals(folder: Path, limit: int) -> tuple[list[SignalView], int]:
    """The first signals for a person by rank, and how many more there are; only their rows are read into memory."""
    with papq.ParquetFile(folder / "signals.parquet") as file:
        place = file.read(["rank", "layer", "registration_id"])
    people = place.filter(pc.is_in(place["layer"], pa.array(PEOPLE)))
    shown = people.filter(pc.less_equal(people["rank"], limit))
    ids = shown["registration_id"].combine_chunks()
    near = [read_rows(folder / name, ids) for name in ("signals.parquet", "hits.parquet", "contributions.parquet")]
    views, _ = signal_views(near[0], near[1], near[2], limit)
    return views, len(people) - len(shown)


def read_rows(path: Path, ids: pa.Array) -> pa.Table:
    """The rows of some registrations, read row group by row group so that memory holds only what is asked for."""
    with papq.ParquetFile(path) as file:
        found = [file.schema_arrow.empty_table()]
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            rows = table.filter(pc.is_in(table["registration_id"], ids))
            if len(rows):
                found.append(rows)
    return pa.concat_tables(found).unify_dictionaries()


def reporter(pack: Pack, sources: Sequence[Source], limit: int) -> Reporter:
    """Make the function that writes report.html of a run."""

    def make(counts: Counts, first: Callable[[Sequence[str], int], First | None]) -> bytes:
        near = first(PEOPLE, limit)
        views = [] if near is None else signal_views(near.signals, near.hits, near.contributions, limit)[0]
        left_out = sum(count for layer, count in (counts.flagged or {}).items() if layer in PEOPLE) - len(views)
        ledger = ledger_view(pack, [source.name for source in sources], counts)
        return render_html(views, ledger, names(pack), left_out).encode()

    return make
