"""The frozen shapes that every room shares.

Row-by-row shapes serve people (explain, tests, the reference reader); the scan itself moves columns
(`HitColumns`), because tens of millions of Python objects a day help nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
import numpy.typing as npt


class Context(IntEnum):
    """What the words around a hit say about it. The number is the stored code; never renumber."""

    AFFIRMED = 0  # nothing speaks against it
    NEGATED = 1  # "geen sprake van ..."
    TEMPLATE = 2  # training, policy, form text: not about this event
    EXCLUDED_BY_OFFICER = 3  # the officer looked and ruled it out
    HYPOTHETICAL = 4  # "indien", "alert zijn op"
    HISTORICAL = 5  # long ago
    OTHER_PERSON = 6  # hearsay, another case, the news
    DENIED_BY_PERSON = 7  # the person says it is voluntary: damped, never erased
    OTHER_MEANING = 8  # an `unless` pattern of the indicator matches the same sentence


class Layer(IntEnum):
    """Where a registration goes: A, B and C to a person, D to linking and the control sample."""

    A = 1
    B = 2
    C = 3
    D = 4
    NONE = 5


class Strength(str, Enum):
    """How much one indicator says (pack value, nl: sterk, middel, zwak, context)."""

    STRONG = "sterk"
    MEDIUM = "middel"
    WEAK = "zwak"
    CONTEXT = "context"


class Form(str, Enum):
    """Form of exploitation, by its code in the packs."""

    SEXUAL = "SEKS"
    LABOUR = "ARB"
    CRIMINAL = "CRIM"
    DOMESTIC = "HUISH"
    BEGGING = "BEDEL"
    ORGAN = "ORG"
    MARRIAGE = "HUW"
    SERVICES = "DIENST"


class Dimension(str, Enum):
    """The six dimensions of the ILO/EC operational indicators (2009), and three of our own that never make one."""

    DECEPTIVE_RECRUITMENT = "DR"
    COERCIVE_RECRUITMENT = "CR"
    ABUSE_AT_RECRUITMENT = "AVR"
    EXPLOITATION = "EX"
    COERCION_AT_DESTINATION = "CD"
    ABUSE_AT_DESTINATION = "AVD"
    ACT = "ACT"
    PRESENTATION = "PRES"
    META = "META"


@dataclass(frozen=True, slots=True)
class Registration:
    """One free-text registration as a service wrote it; `text` is never changed."""

    registration_id: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters (code points) in the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One pattern found in one text: the truth the scanner tells."""

    span: Span
    indicator: str
    pattern: str
    context: Context


@dataclass(frozen=True, slots=True)
class HitColumns:
    """Hits of one batch of texts as columns of equal length, sorted by (row, start, end, pattern).

    `row` counts from 0 within the batch; `pattern` indexes `Pack.patterns`; `start` and `end` are characters in the
    original text, `byte_start` and `byte_end` the same in its UTF-8 bytes; `context` holds `Context` codes;
    `sentence` numbers the sentences of a text from 0.
    """

    row: npt.NDArray[np.int64]
    pattern: npt.NDArray[np.int32]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    byte_start: npt.NDArray[np.int32]
    byte_end: npt.NDArray[np.int32]
    context: npt.NDArray[np.uint8]
    sentence: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.row)

    def only(self, wanted: npt.NDArray[np.bool_]) -> HitColumns:
        """Those of the hits that are wanted, one mark each."""
        return HitColumns(**{name: getattr(self, name)[wanted] for name in HitColumns.__slots__})


@dataclass(frozen=True, slots=True)
class Contribution:
    """One addend of a score: which rule, how much, on which words, said by which sentence of the pack."""

    rule: str
    weight: float
    span: Span | None
    quote: str | None
    sentence_key: str


@dataclass(frozen=True, slots=True)
class Score:
    """What a registration adds up to; `total` equals the sum of the contributions exactly as stored."""

    layer: Layer
    total: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal: a stable code, and what fills the blanks of its sentence."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer no, with every reason for it; sentences in Dutch and English are made from the codes elsewhere."""

    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The answer yes."""
