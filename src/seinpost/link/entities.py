"""The shapes of what a text names, and the normal form by which the same thing is recognised elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from seinpost.types import Span


class EntityKind(str, Enum):
    """Kinds that are recognised by an exact normal form. The value is stored; never rename."""

    PHONE = "phone"
    PLATE = "plate"
    IBAN = "iban"
    ADDRESS = "address"
    FIRM = "firm"
    CHAMBER = "chamber"  # number in the register of the Chamber of Commerce (KvK)
    EMAIL = "email"
    HANDLE = "handle"  # name of an account on a platform
    SITE = "site"  # host of a web address


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One thing a text names: the same as in another text if, and only if, `kind` and `key`, its normal form, agree."""

    span: Span
    kind: EntityKind
    key: str
    quote: str
