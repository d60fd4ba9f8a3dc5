"""Train the second eye on the casebook: deterministic, in seconds, from the situations and nothing else.

A logistic regression over the features of `seinpost.score.eye.features`, fitted with L-BFGS in double precision on one
thread. No sum goes through the matrix library, which adds in another order with another number of threads or kind of
processor. Weights are kept to 1/4096, so that what is left of differences in the last bits does not change the model.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seinpost.packs.casebook import Situation
from seinpost.packs.pack import Pack
from seinpost.scan.native.kernels import kernel
from seinpost.scan.native.program import Program, kept_folder
from seinpost.scan.text import FOLDING, fold_text
from seinpost.scan.text import tokens as cut
from seinpost.score.eye.features import (
    BLANK,
    EDGE,
    GRAM_WEIGHT,
    LONGEST,
    Fold,
    Lists,
    Tokens,
    bigram,
    fold_word,
    grams,
    hash_word,
    new_tokens,
    settle,
    stays_itself,
    tokenise,
)
from seinpost.score.eye.model import EyeModel
from seinpost.score.eye.reading import Room, new_room
from seinpost.score.eye.words import NEUTRAL
from seinpost.score.resemblance import SituationName

PENALTY = 0.1
"""L2 penalty per weight, against the summed loss: chosen by grouped cross-validation on the casebook's train part."""
LABEL_WEIGHT = {"signal": 1.0, "near_miss": 0.3, "ordinary": 2.0}
"""Near misses are far commoner in the casebook than in life, ordinary registrations far rarer."""
LEAST_SITUATIONS = 2
GRID = 4096.0
STEPS, MEMORY = 120, 10


class Matrix(NamedTuple):
    """Situations x features in compressed rows."""

    first: npt.NDArray[np.int64]
    column: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]


def model_path(folder: Path) -> Path:
    """Where a pack keeps its trained reader."""
    return folder / "eye.bin"


def fold_table() -> Fold:
    """The scanner's folding table as the kernel wants it."""
    return Fold(FOLDING.index, FOLDING.entries, FOLDING.pool)


def make_lists(situations: Iterable[Situation], pack: Pack) -> Lists:
    """The words known in lower case, and the words blanked or made neutral."""
    lower: dict[str, int] = {}
    upper: dict[str, int] = {}
    for situation in situations:
        for token in cut(situation.text):
            before = situation.text[max(0, token.start - 2) : token.start]
            if not situation.text[token.start].isupper():
                lower[token.word] = lower.get(token.word, 0) + 1
            elif before.endswith(" ") and before[0] not in ".!?:":
                upper[token.word] = upper.get(token.word, 0) + 1
    known = {word for word, count in lower.items() if count >= upper.get(word, 0)}
    words = {fold_text(trait.strip("*")) for trait in pack.trait_words if not trait.endswith("*")}
    starts = {fold_text(trait.strip("*")) for trait in pack.trait_words if trait.endswith("*")}
    pairs = sorted((hash_word(old), hash_word(new)) for old, new in NEUTRAL.items())
    return Lists(
        hashes(known),
        hashes(word for word in words if " " not in word),
        hashes(start for start in starts if " " not in start),
        np.array([old for old, _ in pairs], np.uint64),
        np.array([new for _, new in pairs], np.uint64),
    )


def hashes(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Sorted hashes of words."""
    return np.array(sorted({hash_word(word) for word in words}), np.uint64)


@kernel
def is_among(values: npt.NDArray[np.uint64], count: int, wanted: np.uint64) -> bool:
    """One of the first values is the wanted one."""
    for i in range(count):  # noqa: SIM110 - kernels know no generators
        if values[i] == wanted:
            return True
    return False


class Bag(NamedTuple):
    """Room for the features of one text with their weights, and the distinct words and pairs met in it."""

    feature: npt.NDArray[np.uint64]
    weight: npt.NDArray[np.float64]
    met: npt.NDArray[np.uint64]
    pairs: npt.NDArray[np.uint64]
    size: npt.NDArray[np.int64]  # features, distinct words


def new_bag(tokens: int) -> Bag:
    """Room for a text of so many tokens."""
    n = tokens * (2 + 2 * LONGEST + 8) + 1
    met, pairs = np.empty(tokens, np.uint64), np.empty(tokens, np.uint64)
    return Bag(np.empty(n, np.uint64), np.empty(n, np.float64), met, pairs, np.zeros(2, np.int64))


@kernel
def features_of(
    data: npt.NDArray[np.uint8], fold: Fold, lists: Lists, tokens: Tokens, room: Room, with_grams: bool, bag: Bag
) -> None:
    """Every feature of one text with its weight, each distinct word and pair once, and the number of distinct words."""
    count = tokenise(data, 0, len(data), fold, tokens)
    n, distinct, paired = 0, 0, 0
    left = EDGE
    for i in range(count):
        size, digits, capital = fold_word(data, tokens.start[i], tokens.end[i], fold, room.word)
        value = settle(room.word, size, digits, capital, lists)
        if value != BLANK and left != BLANK:
            pair = bigram(left, value)
            if not is_among(bag.pairs, paired, pair):
                bag.pairs[paired] = pair
                paired += 1
                bag.feature[n], bag.weight[n] = pair, 1.0
                n += 1
        left = value
        if is_among(bag.met, distinct, value):
            continue
        bag.met[distinct] = value
        distinct += 1
        if value == BLANK:
            continue
        bag.feature[n], bag.weight[n] = value, 1.0
        n += 1
        letters = with_grams and digits == 0 and stays_itself(room.word, size, value)
        for g in range(grams(room.word, size, room.runs) if letters else 0):
            bag.feature[n], bag.weight[n] = room.runs[g], GRAM_WEIGHT
            n += 1
    bag.size[0], bag.size[1] = n, distinct


def text_features(
    text: str, lists: Lists, with_grams: bool = True
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float64]]:
    """Distinct features of a text with their values: summed weights over the root of the number of distinct words."""
    data = np.frombuffer(text.encode(), np.uint8)
    tokens = len(data) // 2 + 2
    bag = new_bag(tokens)
    find_features(data, fold_table(), lists, new_tokens(tokens), new_room(), with_grams, bag)
    (n, count), feature, weight = bag.size.tolist(), bag.feature, bag.weight
    feature, weight = feature[:n], weight[:n]
    distinct, inverse = np.unique(feature, return_inverse=True)
    return distinct, np.bincount(inverse, weight, minlength=len(distinct)) / np.sqrt(max(count, 1))


def vectorise(
    texts: Sequence[str], lists: Lists, features: npt.NDArray[np.uint64] | None = None, with_grams: bool = True
) -> tuple[Matrix, npt.NDArray[np.uint64]]:
    """Make the matrix of texts over `features`, or over those that occur in LEAST_SITUATIONS texts."""
    rows = [text_features(text, lists, with_grams) for text in texts]
    if features is None:
        distinct, count = np.unique(np.concatenate([row[0] for row in rows]), return_counts=True)
        features = distinct[count >= LEAST_SITUATIONS]
    first, columns, values = [0], [], []
    for feature, value in rows:
        at = np.searchsorted(features, feature)
        at[at == len(features)] = 0
        known = features[at] == feature if len(features) else np.zeros(len(feature), np.bool_)
        columns.append(at[known].astype(np.int32))
        values.append(value[known])
        first.append(first[-1] + int(known.sum()))
    return Matrix(np.array(first), np.concatenate(columns), np.concatenate(values)), features


@kernel
def loss_of(
    matrix: Matrix,
    target: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    slope: npt.NDArray[np.float64],
) -> float:
    """Weighted logistic loss with the L2 penalty; its gradient is added to `slope`. The last weight is the bias."""
    loss, bias = 0.0, len(weights) - 1
    for row in range(len(target)):
        logit = weights[bias]
        for i in range(matrix.first[row], matrix.first[row + 1]):
            logit += weights[matrix.column[i]] * matrix.value[i]
        sign = 1.0 if target[row] > 0.5 else -1.0
        margin = sign * logit
        loss += share[row] * (np.log1p(np.exp(min(margin, -margin))) + max(-margin, 0.0))
        pull = -sign * share[row] / (1.0 + np.exp(min(margin, 500.0)))
        for i in range(matrix.first[row], matrix.first[row + 1]):
            slope[matrix.column[i]] += pull * matrix.value[i]
        slope[bias] += pull
    for j in range(bias):
        loss += 0.5 * PENALTY * weights[j] * weights[j]
        slope[j] += PENALTY * weights[j]
    return loss


PROGRAM = Program("training", kept_folder(), sorted(Path(__file__).parent.glob("*.py")), [features_of, loss_of])
find_features, find_loss = PROGRAM.entry(features_of), PROGRAM.entry(loss_of)


def loss_and_slope(
    matrix: Matrix, target: npt.NDArray[np.float64], share: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Weighted logistic loss with the L2 penalty, and its gradient; the last weight is the bias, not penalised."""
    slope = np.zeros(len(weights))
    return find_loss(matrix, target, share, weights, slope), slope


def dot(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """The inner product, added in an order that depends on the length alone: a matrix library shares long vectors out
    over its threads, and then a machine with another number of cores would train another model.
    """
    return float(np.add.reduce(one * other))


Objective = Callable[[npt.NDArray[np.float64]], tuple[float, npt.NDArray[np.float64]]]


def minimise(objective: Objective, size: int) -> npt.NDArray[np.float64]:
    """L-BFGS (Nocedal & Wright, algorithm 7.5) with a halving line search; stops when the slope is small."""
    x = np.zeros(size)
    value, slope = objective(x)
    pairs: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]] = []
    for _ in range(STEPS):
        direction = -descent(slope, pairs)
        step, drop = 1.0 if pairs else 1.0 / max(1.0, math.sqrt(dot(slope, slope))), dot(slope, direction)
        while True:
            moved = x + step * direction
            new_value, new_slope = objective(moved)
            if new_value <= value + 1e-4 * step * drop or step < 1e-12:
                break
            step /= 2
        pair = (moved - x, new_slope - slope)
        if dot(*pair) > 1e-12:
            pairs = [*pairs, pair][-MEMORY:]
        x, value, slope = moved, new_value, new_slope
        if float(np.abs(slope).max()) < 1e-5:
            break
    return x


def descent(
    slope: npt.NDArray[np.float64], pairs: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]
) -> npt.NDArray[np.float64]:
    """The two-loop recursion: the slope bent by what earlier steps told of the curvature."""
    bent = slope.copy()
    memory = []
    for moved, turned in reversed(pairs):
        rho = 1.0 / dot(moved, turned)
        alpha = rho * dot(moved, bent)
        bent -= alpha * turned
        memory.append((rho, alpha, moved, turned))
    if pairs:
        moved, turned = pairs[-1]
        bent *= dot(moved, turned) / dot(turned, turned)
    for rho, alpha, moved, turned in reversed(memory):
        bent += moved * (alpha - rho * dot(turned, bent))
    return bent


def fit(
    matrix: Matrix, target: npt.NDArray[np.float64], share: npt.NDArray[np.float64], features: int
) -> npt.NDArray[np.float64]:
    """The weights of the features, and the bias last."""
    return minimise(lambda weights: loss_and_slope(matrix, target, share, weights), features + 1)


def train(situations: Sequence[Situation], pack: Pack) -> EyeModel:
    """Train the reader on situations (the train part of the casebook); the same situations give the same model."""
    ordered = sorted(situations, key=lambda situation: situation.id)
    lists = make_lists(ordered, pack)
    matrix, features = vectorise([situation.text for situation in ordered], lists)
    target = np.array([float(situation.label == "signal") for situation in ordered])
    share = np.array([LABEL_WEIGHT[situation.label] for situation in ordered])
    fitted = np.round(fit(matrix, target, share, len(features)) * GRID) / GRID
    kept = fitted[:-1] != 0
    words, word_features = vectorise([situation.text for situation in ordered], lists, with_grams=False)
    near, idf, first, rows, values = index_situations(words, word_features)
    return EyeModel(
        features=features[kept],
        weights=fitted[:-1][kept].astype(np.float32),
        bias=float(fitted[-1]),
        lists=lists,
        near_features=near,
        near_idf=idf,
        posting_first=first,
        posting_row=rows,
        posting_value=values,
        situations=tuple(name_of(situation) for situation in ordered),
        trained_on=hashlib.sha256("\n".join(f"{s.id} {s.label} {s.text}" for s in ordered).encode()).hexdigest(),
    )


def name_of(situation: Situation) -> SituationName:
    """A situation as an explanation names it."""
    form = situation.form if situation.label == "signal" else None
    return SituationName(situation.id, situation.why or situation.disguise or situation.sector or "", form)


def index_situations(
    matrix: Matrix, features: npt.NDArray[np.uint64]
) -> tuple[
    npt.NDArray[np.uint64],
    npt.NDArray[np.float32],
    npt.NDArray[np.int32],
    npt.NDArray[np.uint16],
    npt.NDArray[np.float32],
]:
    """Inverted index of unit vectors over features that are neither everywhere nor nowhere (at most 1 text in 20)."""
    n = len(matrix.first) - 1
    count = np.bincount(matrix.column, minlength=len(features))
    rare = (count >= LEAST_SITUATIONS) & (count <= max(n // 20, LEAST_SITUATIONS))
    idf = np.where(rare, np.log(n / np.maximum(count, 1)), 0.0)
    row = np.repeat(np.arange(n), np.diff(matrix.first))
    value = matrix.value * idf[matrix.column]
    norm = np.sqrt(np.bincount(row, value * value, minlength=n))
    value = np.round(value / np.maximum(norm[row], 1e-12) * GRID) / GRID
    order = np.lexsort((row, matrix.column))
    order = order[rare[matrix.column[order]] & (value[order] > 0)]
    number = np.cumsum(rare) - 1
    column = number[matrix.column[order]]
    first = np.searchsorted(column, np.arange(int(rare.sum()) + 1)).astype(np.int32)
    return (
        features[rare],
        idf[rare].astype(np.float32),
        first,
        row[order].astype(np.uint16),
        value[order].astype(np.float32),
    )
