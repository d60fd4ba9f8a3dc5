"""The scanner against other software on the same texts, taking turns in one process on one thread.

    uv run --group bench python benchmarks/scan_peers.py [--registrations N] [--rounds N] [--only NAME ...]

Every peer searches the 3,000 terms of the benchmark lexicon; ours also does its 300 proximities and the contexts. A
peer that is not installed is left out with a line that says so. The hits of each are held against ours on a sample.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from common import MEGA, alternate, corpus, head, parser, row, rows, speed, text_bytes, times
from lexicon import SIZES, Lexicon, as_pack, make_lexicon, plant
from peers import Found, Peer, columnar, per_document, vectorscan
from peers.folding import fold

from seinpost.packs import load_pack
from seinpost.packs.pack import Pack
from seinpost.scan.scanner import Scanner

TERMS = 3_000
SAMPLE = 400
"""Registrations on which hits are compared: half with a planted hit, half without any."""
LEAST = 10_000
"""Ours runs on at least so many registrations: on fewer, calling it would be what is measured."""
HEADS = ("peer", "MB/s", "registrations/s", "ours MB/s", "ours / peer", "hits: only ours, only peer, both", "not given")


@dataclass(frozen=True, slots=True)
class Bench:
    """The texts, and our scanner: with everything, and with the terms alone for the comparison of hits."""

    texts: pa.Array
    lexicon: Lexicon
    scanner: Scanner
    terms_only: Scanner
    rounds: int

    def ours(self, texts: pa.Array) -> Callable[[], object]:
        """Our whole job on some texts, in a workspace that stays."""
        space = self.scanner.workspace()
        return lambda: self.scanner.scan(texts, space)

    def sample(self) -> pa.Array:
        """The registrations on which hits are compared."""
        hit = np.unique(self.terms_only.scan(self.texts).row)
        other = np.setdiff1d(np.arange(len(self.texts)), hit)
        return self.texts.take(pa.array(np.sort(np.concatenate([hit[: SAMPLE // 2], other[: SAMPLE // 2]]))))

    def truth(self, texts: pa.Array) -> set[Found]:
        """Our hits as (registration, term, start, end)."""
        hits = self.terms_only.scan(texts)
        columns = (hits.row, hits.pattern, hits.start, hits.end)
        return set(zip(*(column.tolist() for column in columns), strict=True))


def compare(peer: Peer, bench: Bench) -> tuple[list[float], list[float]]:
    """MB/s of ours and of the peer, per round, taking turns."""
    theirs = copied(bench.texts, peer.registrations)
    mine = copied(bench.texts, max(LEAST, peer.registrations))
    taken = alternate({"ours": bench.ours(mine), "peer": lambda: peer.job(theirs)}, bench.rounds)
    return (
        [text_bytes(mine) / MEGA / seconds for seconds in taken["ours"]],
        [text_bytes(theirs) / MEGA / seconds for seconds in taken["peer"]],
    )


def copied(texts: pa.Array, count: int) -> pa.Array:
    """The first texts in buffers of their own."""
    return pa.concat_arrays([texts.slice(0, count)])


def agreement(peer: Peer, truth: set[Found], sample: pa.Array) -> str:
    """How many hits only we give, only the peer gives, and both; of registrations where the peer gives no spans."""
    found = peer.found(sample)
    spans = any(len(item) > 1 for item in found)
    ours = truth if spans else {item[:1] for item in truth}
    unit = "" if spans else " registrations"
    return f"{len(ours - found)}, {len(found - ours)}, {len(ours & found)}{unit}"


def built(builders: Sequence[Callable[[Sequence[str]], Peer]], terms: Sequence[str]) -> Iterator[Peer | str]:
    """Build the peers one by one; the name of a builder whose package is not installed."""
    for builder in builders:
        try:
            yield builder(terms)
        except ImportError as error:
            yield f"{builder.__name__}: skipped, {error}"


def full_job(title: str, builders: Sequence[Callable[[Sequence[str]], Peer]], bench: Bench) -> list[Peer]:
    """Print the table of the whole job; gives the peers that ran."""
    print(f"### {title}\n")
    rows(HEADS)
    sample = bench.sample()
    truth = bench.truth(sample)
    ran: list[Peer] = []
    skipped: list[str] = []
    for peer in built(builders, bench.lexicon.terms):
        if isinstance(peer, str):
            skipped.append(peer)
            continue
        ours, theirs = compare(peer, bench)
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        middle = statistics.median(theirs)
        each = text_bytes(bench.texts) / len(bench.texts) / MEGA
        counts = agreement(peer, truth, sample)
        cells = (f"{middle:,.2f}", f"{middle / each:,.0f}", f"{statistics.median(ours):,.0f}")
        spread = times((statistics.median(ratios), min(ratios), max(ratios)))
        count = min(peer.registrations, len(bench.texts))
        row(f"{peer.name} ({count:,} texts)", *cells, spread, counts, peer.lacks)
        ran.append(peer)
    print("\n" + "".join(f"- {line}\n" for line in skipped), flush=True)
    return ran


def bare_search(ran: Sequence[Peer], bench: Bench) -> None:
    """Print the table in which peers get folded texts and give matches without word check or spans."""
    print("### Bare search of the same peers on texts already folded; ours still does the whole job\n")
    rows(("peer", "MB/s", "ours MB/s", "ours / peer"))
    for peer in ran:
        if peer.raw is None:
            continue
        folded = [fold(text) for text in bench.texts.slice(0, peer.registrations).to_pylist()]
        size = sum(len(text.encode()) for text in folded)
        mine = copied(bench.texts, max(LEAST, peer.registrations))
        search = peer.raw
        taken = alternate({"ours": bench.ours(mine), "peer": lambda s=search, f=folded: s(f)}, bench.rounds)
        pairs = zip(taken["ours"], taken["peer"], strict=True)
        ratios = [(text_bytes(mine) / ours) / (size / theirs) for ours, theirs in pairs]
        spread = times((statistics.median(ratios), min(ratios), max(ratios)))
        row(peer.name, speed(size, taken["peer"]), speed(text_bytes(mine), taken["ours"]), spread)
    print(flush=True)


def raw_literals(bench: Bench, pack: Pack, lexicon: Lexicon) -> None:
    """Print raw Vectorscan literals over the whole buffer against our whole job, by size of the lexicon."""
    print("### Raw Vectorscan literals (substrings, caseless in ASCII) over the whole buffer, by size of the lexicon\n")
    try:
        vectorscan.library_path()
    except ImportError as error:
        print(f"- skipped, {error}\n")
        return
    rows(("terms", "Vectorscan MB/s", "ours MB/s", "ours / Vectorscan", "its matches", "our hits"))
    data, _ = vectorscan.buffer_of(bench.texts)
    size = text_bytes(bench.texts)
    for count in SIZES:
        part = lexicon.first(count)
        used = as_pack(part, pack)
        scanner, literals = Scanner(used, pack.frequency), vectorscan.Literals(part.terms)
        space = scanner.workspace()
        runs: dict[str, Callable[[], object]] = {
            "ours": lambda s=scanner, w=space: s.scan(bench.texts, w),
            "peer": lambda m=literals: m.matches(data),
        }
        taken = alternate(runs, bench.rounds)
        ratios = [theirs / ours for ours, theirs in zip(taken["ours"], taken["peer"], strict=True)]
        spread = times((statistics.median(ratios), min(ratios), max(ratios)))
        counts = (f"{len(literals.matches(data)):,}", f"{len(scanner.scan(bench.texts, space)):,}")
        row(f"{count:,}", speed(size, taken["peer"]), speed(size, taken["ours"]), spread, *counts)
    print(flush=True)


def main() -> None:
    """Measure and print."""
    options = parser("the scanner against other software", rounds=5, cache=False)
    options.add_argument("--registrations", type=int, default=50_000)
    options.add_argument("--only", nargs="*", default=[], help="names of peers, such as hyperscan or polars_find")
    chosen = options.parse_args()
    pack = load_pack("nl")
    whole = make_lexicon(pack.frequency)
    lexicon = whole.first(TERMS)
    texts = plant(corpus(chosen.registrations), lexicon)
    scanners = [Scanner(as_pack(lexicon, pack, near=near), pack.frequency) for near in (True, False)]
    bench = Bench(texts, lexicon, scanners[0], scanners[1], chosen.rounds)
    groups = [per_document.BUILDERS, (*columnar.BUILDERS, *vectorscan.BUILDERS)]
    picked = [[one for one in group if not chosen.only or one.__name__ in chosen.only] for group in groups]
    packages = "hyperscan ahocorasick-rs daachorse google-re2 pyahocorasick flashtext2 spacy presidio-analyzer polars"
    head(
        "Against other software",
        f"{len(lexicon.terms):,} terms on {len(texts):,} generated registrations ({text_bytes(texts) / MEGA:.0f} MB); "
        f"one thread each; median of {chosen.rounds} rounds in which ours and the peer take turns in one process, "
        "ratios paired, range behind them. A peer per document folds each text in Python (lower case, no accents), "
        "searches, keeps whole words and gives spans in the original. Ours also does 300 proximities and contexts.",
        bare=chosen.bare,
        packages=[*packages.split(), "tantivy", "duckdb", "vectorgrep"],
    )
    ran = full_job("One text at a time, from Python", picked[0], bench)
    part = copied(texts, LEAST)
    folding = alternate({"fold": lambda: [fold(text) for text in part.to_pylist()]}, chosen.rounds)["fold"]
    print(f"Folding alone, which each of these peers needs: {speed(text_bytes(part), folding)} MB/s.\n", flush=True)
    full_job("A whole column at once", picked[1], bench)
    bare_search(ran, bench)
    if not chosen.only or "vectorscan" in chosen.only:
        raw_literals(bench, pack, whole)


if __name__ == "__main__":
    main()
