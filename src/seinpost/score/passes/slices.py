"""Copying slices of bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seinpost.scan.native.kernels import kernel

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@kernel
def copy_slices(data: Bytes, source: Places, target: Places, out: Bytes) -> None:
    """Copy slice k of `data`, from source[k], to out[target[k]:target[k + 1]]."""
    for k in range(len(source)):
        start, first = source[k], target[k]
        for at in range(target[k + 1] - first):
            out[first + at] = data[start + at]
