"""Train the head of the third reader: closed form, from the casebook's training part and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seinpost.packs.casebook import Situation
from seinpost.score.encoder.head import GRID, SHARPNESS, STEPS, Head, in_steps
from seinpost.score.encoder.masking import Masker
from seinpost.score.encoder.vectors import Encoder
from seinpost.score.eye.reader import Eye
from seinpost.score.eye.training import LABEL_WEIGHT

RIDGE = 1.0
"""What is added to the kernel's diagonal, over the weight of the situation's label."""
PULL_APART = 1 / 64
"""How far what a situation pulls may lie from another training of the same: the step in which margins are told."""


def train_head(situations: Sequence[Situation], eye: Eye, encoder: Encoder) -> Head:
    """Train on the situations that the second eye was trained on, masked with its lists."""
    ordered = sorted(situations, key=lambda situation: situation.id)
    masker = Masker(eye)
    vectors = in_steps(np.stack([encoder.vector(masker.masked(one.text)[0]) for one in ordered]))
    signs = np.array([1.0 if one.label == "signal" else -1.0 for one in ordered])
    pull, bias = solve(vectors, signs, np.array([LABEL_WEIGHT[one.label] for one in ordered]))
    return Head(vectors, pull, bias, eye.model.trained_on, encoder.version)


def solve(
    vectors: npt.NDArray[np.int8], signs: npt.NDArray[np.float64], share: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float32], float]:
    """What each situation pulls, and the bias: the least weighted squares with a ridge, where the pulls sum to 0.

    Products of the kept vectors are whole numbers that a double holds exactly, so every machine has the same kernel.
    """
    whole = vectors.astype(np.float64)
    kernel = whole @ whole.T
    kernel *= 2 * SHARPNESS / STEPS**2
    kernel -= 2 * SHARPNESS
    np.exp(kernel, out=kernel)
    kernel[np.diag_indices(len(signs))] += RIDGE / share
    ones, found = np.linalg.solve(kernel, np.stack([np.ones(len(signs)), signs], axis=1)).T
    bias = float(np.round(found.sum() / ones.sum() * GRID) / GRID)
    return (np.round((found - bias * ones) * GRID) / GRID).astype(np.float32), bias


def agree(one: Head, other: Head) -> bool:
    """Two heads agree if, and only if, they were trained on the same with the same, and every number is within what
    the last bits of a processor can change: one step of a component, and of a pull what that moves.
    """
    if (one.trained_on, one.version, one.vectors.shape) != (other.trained_on, other.version, other.vectors.shape):
        return False
    apart = np.abs(one.vectors.astype(np.int16) - other.vectors.astype(np.int16)).max(initial=0)
    pulls = np.abs(one.pull - other.pull).max(initial=0)
    return bool(apart <= 1 and pulls <= PULL_APART and abs(one.bias - other.bias) <= PULL_APART)
