"""How well signals are found in labelled situations, and how often ordinary official text fires.

    uv run python benchmarks/finding.py TEXTS.jsonl [--pool POOL.jsonl.gz ...] [--no-semantic]
    uv run python benchmarks/finding.py --unseen [--no-semantic]

TEXTS has one object a line: id, text, label (1 signal, 0 none), and optionally text_kind, tier ("main" counts) and
case_group. POOL has objects with a text that is no signal. Prints, per text kind, the share of signals and of others in
layers A-C, with a 95 % interval that treats texts of one case group as one draw (bootstrap over groups, fixed
seed), and the ranking: the area under the curve (AUC) of `score` as it stands in signals.parquet, and of the reading
order; a text without a row in signals.parquet is last in both. The labelled texts are not part
of the project: bring your own. `--unseen` reads the casebook's part that nothing was trained on, by writer.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seinpost.packs import load_pack
from seinpost.packs.casebook import load_casebook
from seinpost.run.engine import Engine
from seinpost.score.eye import load_eye
from seinpost.types import Layer

ROUNDS = 2000


def read(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines, plain or .gz."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Verdict(NamedTuple):
    """Per text: in layers A-C, the score as `signals.parquet` holds it (-1: no row), the place in the reading order."""

    flagged: npt.NDArray[np.bool_]
    score: npt.NDArray[np.float64]
    order: npt.NDArray[np.float64]


def judge(engine: Engine, texts: Sequence[str]) -> Verdict:
    """Read texts as a scan does; ordered by layer, then score, a text without a row last."""
    array = pa.array(texts, pa.large_string())
    hits = engine.scanner.scan(array)
    seen = engine.eye.read(array) if engine.eye is not None else None
    found = engine.scorer.score(hits, len(texts), seen)
    layers = np.full(len(texts), int(Layer.NONE))
    score = np.full(len(texts), -1.0)
    layers[found.row] = found.layer
    score[found.row] = found.score
    return Verdict(layers <= int(Layer.C), score, (int(Layer.NONE) - layers) * 1e4 + score)


def auc(label: npt.NDArray[np.bool_], order: npt.NDArray[np.float64]) -> float:
    """Chance that a signal stands above another text; ties count half."""
    above = (order[label][:, None] > order[~label][None, :]).mean()
    return float(above + 0.5 * (order[label][:, None] == order[~label][None, :]).mean())


def interval(flagged: npt.NDArray[np.bool_], groups: Sequence[str]) -> tuple[float, float, float]:
    """Share flagged with its 95 % interval over groups."""
    names, index = np.unique(np.array(groups), return_inverse=True)
    total, count = np.bincount(index, flagged), np.bincount(index)
    draws = np.random.default_rng(0).integers(0, len(names), (ROUNDS, len(names)))
    shares = total[draws].sum(1) / count[draws].sum(1)
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(flagged.mean()), float(low), float(high)


def judge_unseen(engine: Engine) -> None:
    """Print the share in A-C and the AUC for the whole unseen part and for each of its writers (letters of the ids)."""
    situations = load_casebook("unseen")
    verdict = judge(engine, [one.text for one in situations])
    label = np.array([one.label for one in situations])
    writer = np.array([one.id.split("-")[0] for one in situations])
    for name in ("all", *sorted(set(writer))):
        here = (writer == name) | (name == "all")
        shares = ", ".join(
            f"{kind} {verdict.flagged[here & (label == kind)].mean():.1%} of {(here & (label == kind)).sum()}"
            for kind in ("signal", "near_miss", "ordinary")
            if (here & (label == kind)).any()
        )
        print(f"{name:8} in A-C: {shares}; AUC by score {auc(label[here] == 'signal', verdict.score[here]):.3f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--pool", type=Path, nargs="*", default=[])
    parser.add_argument("--pack", default="nl")
    parser.add_argument("--no-semantic", action="store_true")
    options = parser.parse_args()
    pack = load_pack(options.pack)
    engine = Engine(pack, None if options.no_semantic else load_eye(pack))
    if options.unseen:
        judge_unseen(engine)
    if options.texts is None:
        return
    rows = [row for row in read(options.texts) if row.get("tier", "main") == "main"]
    verdict = judge(engine, [row["text"] for row in rows])
    label = np.array([bool(row["label"]) for row in rows])
    kinds = np.array([row.get("text_kind", "text") for row in rows])
    groups = [row.get("case_group", row["id"]) for row in rows]
    print(f"pack {pack.id} {pack.version}, {len(pack.patterns)} patterns, eye {'no' if engine.eye is None else 'yes'}")
    for kind in sorted(set(kinds)):
        here = kinds == kind
        for name, side in (("signals", label), ("others", ~label)):
            pick = here & side
            share, low, high = interval(verdict.flagged[pick], [g for g, p in zip(groups, pick, strict=True) if p])
            print(f"{kind:10} {name:8} in A-C {share:6.1%}  (95 %: {low:.1%}-{high:.1%}, {pick.sum()} texts)")
        by_score, by_order = auc(label[here], verdict.score[here]), auc(label[here], verdict.order[here])
        rows_given = (verdict.score[here & label] >= 0).mean()
        print(f"{kind:10} AUC by score {by_score:.3f}, by reading order {by_order:.3f}", end="; ")
        print(f"{rows_given:.1%} of signals have a row in layers A-D")
    for path in options.pool:
        pool = judge(engine, [row["text"] for row in read(path)])
        in_any = (pool.score >= 0).mean()
        print(f"{path.name}: {pool.flagged.mean():.2%} of {len(pool.flagged)} in A-C, {in_any:.1%} in A-D")


if __name__ == "__main__":
    main()
