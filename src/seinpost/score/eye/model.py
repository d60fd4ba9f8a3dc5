"""The trained reader as data: its weights, the words it knows and blanks, and the situations it can name."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from seinpost.errors import SettingError
from seinpost.score.eye.features import Lists
from seinpost.score.resemblance import SituationName
from seinpost.types import Form

FORMAT = 1


@dataclass(frozen=True, slots=True)
class EyeModel:
    """What training gives and reading needs.

    `features` (sorted hashes) have `weights`; a window's logit is bias + sum of the weights of its features /
    sqrt(tokens).
    `posting_*` is the casebook's inverted index: for feature number f the situations `posting_row[first[f]:first[f+1]]`
    with `posting_value`, unit vectors over rare words, to name what a window resembles.
    """

    features: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.float32]
    bias: float
    lists: Lists
    near_features: npt.NDArray[np.uint64]
    near_idf: npt.NDArray[np.float32]
    posting_first: npt.NDArray[np.int32]
    posting_row: npt.NDArray[np.uint16]
    posting_value: npt.NDArray[np.float32]
    situations: tuple[SituationName, ...]
    trained_on: str  # digest of the casebook part it was trained on

    def as_bytes(self) -> bytes:
        """The model as one file; the same model gives the same bytes."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        lists = arrays.pop("lists")
        situations = arrays.pop("situations")
        head = {
            "format": FORMAT,
            "bias": arrays.pop("bias"),
            "trained_on": arrays.pop("trained_on"),
            "situations": [[s.id, s.why_nl, s.form.value if s.form else None] for s in situations],
        }
        arrays |= {f"list_{name}": array for name, array in zip(Lists._fields, lists, strict=True)}
        parts = [json.dumps(head, ensure_ascii=False, sort_keys=True).encode()]
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.save(buffer, arrays[name], allow_pickle=False)
            parts += [name.encode(), buffer.getvalue()]
        return b"".join(len(part).to_bytes(8, "little") + part for part in parts)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole model."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


def read_model(data: bytes) -> EyeModel:
    """Read a model file; raises SettingError when it is not one of ours."""
    parts = split(data)
    try:
        head = json.loads(parts[0])
        if head["format"] != FORMAT:
            raise SettingError(f"the second eye has format {head['format']} (allowed: {FORMAT}); train it anew")
        names = [part.decode() for part in parts[1::2]]
        arrays = {n: np.load(io.BytesIO(p), allow_pickle=False) for n, p in zip(names, parts[2::2], strict=True)}
        lists = Lists(*(arrays.pop(f"list_{name}") for name in Lists._fields))
        situations = tuple(SituationName(i, why, Form(form) if form else None) for i, why, form in head["situations"])
        return EyeModel(**arrays, lists=lists, situations=situations, bias=head["bias"], trained_on=head["trained_on"])
    except (ValueError, KeyError, TypeError) as error:
        raise SettingError(f"the second eye cannot be read: {error}; train it anew") from error


def split(data: bytes) -> Sequence[bytes]:
    """Take apart what `as_bytes` put together."""
    parts, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 8], "little")
        parts.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    return parts
