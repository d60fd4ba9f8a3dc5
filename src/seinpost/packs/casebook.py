"""The casebook: written situations that teach the second eye, feed the synthetic world and name resemblances.

Two parts: `train`, and `unseen`, which nobody who tunes reads. Located errors; the digest of a pack leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from seinpost.errors import Fault, PackError
from seinpost.packs.build import INDICATORS
from seinpost.packs.model import Code, FormCode, Name, Part, check
from seinpost.packs.strict import Sheet, read_sheet
from seinpost.types import Form

Label = Literal["signal", "near_miss", "ordinary"]
Register = Literal["patrol", "desk", "inspector", "border", "tip", "care", "neighbour", "dossier", "policy"]
Explicitness = Literal["plain", "partial", "hidden"]
Division = Literal["train", "unseen"]
DIVISIONS: tuple[Division, ...] = get_args(Division)

_SIGNAL_KEYS = ("form", "explicitness", "indicators")
_NEEDED_KEYS = (*_SIGNAL_KEYS, "sector", "disguise")


class SituationPart(Part):
    """One entry of casebook/<train|unseen>/<topic>_<nn>.yaml."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{2,8}-[0-9]{4}$")]
    label: Label
    form: FormCode | None = None
    sector: Annotated[str, Field(max_length=80)] = ""
    disguise: Annotated[str, Field(max_length=80)] = ""
    written_by: Register = Field(alias="register")  # a model class has a method of that name
    explicitness: Explicitness | None = None
    indicators: Annotated[list[Code], Field(default_factory=list)]
    why: Name | None = None
    text: Annotated[str, Field(min_length=40, max_length=5_000)]


@dataclass(frozen=True, slots=True)
class Situation:
    """One written situation. Signals have a form, an explicitness and at least one indicator; the others none."""

    id: str
    part: Division
    label: Label
    form: Form | None
    sector: str | None  # None: no sector, as in a circular
    disguise: str | None  # the offence or incident it is booked under
    register: Register  # who writes
    explicitness: Explicitness | None
    indicators: tuple[str, ...]  # codes that truly stand in the text, sorted
    why: str | None  # one line; None for ordinary situations only
    text: str


def load_casebook(
    part: Literal["train", "unseen", "all"] = "all", pack_folder: Path | None = None
) -> tuple[Situation, ...]:
    """Load and check the casebook of a pack (default: the Dutch one), sorted by id.

    Both parts are always checked, so ids are unique over both. Raises PackError with every fault.
    """
    folder = pack_folder if pack_folder is not None else Path(__file__).parent / "nl"
    faults: list[Fault] = []
    codes = _codes(folder)
    found: dict[str, Situation] = {}
    texts: dict[str, str] = {}
    for division in DIVISIONS:
        for sheet in _sheets(folder / "casebook" / division, faults):
            entries: list[SituationPart] = check(sheet, list[SituationPart], faults) or []
            for number, entry in enumerate(entries):
                faults.extend(_faults(sheet, number, entry, codes))
                faults.extend(_doubles(sheet, number, entry, found, texts))
                found.setdefault(entry.id, _situation(division, entry))
    if faults:
        raise PackError(tuple(faults))
    return tuple(found[key] for key in sorted(found) if part in ("all", found[key].part))


def _codes(folder: Path) -> frozenset[str]:
    sheets = (read_sheet(path) for path in sorted((folder / INDICATORS).glob("*.yaml")))
    return frozenset(str(entry.get("code")) for sheet in sheets for entry in sheet.data if isinstance(entry, dict))


def _sheets(folder: Path, faults: list[Fault]) -> Iterator[Sheet]:
    for path in sorted(folder.glob("*.yaml")):
        try:
            yield read_sheet(path)
        except PackError as error:
            faults.extend(error.faults)


def _faults(sheet: Sheet, number: int, entry: SituationPart, codes: frozenset[str]) -> Iterator[Fault]:
    for key in _NEEDED_KEYS:
        value = getattr(entry, key)
        if entry.label == "signal" and not value:
            yield Fault(sheet.place(number, key), "misses what every signal has", key)
        if entry.label != "signal" and value and key in _SIGNAL_KEYS:
            yield Fault(sheet.place(number, key), f"stands in a situation labelled {entry.label}", key, "signals only")
    if entry.label != "ordinary" and entry.why is None:
        yield Fault(sheet.place(number), "misses why", entry.id, "one line")
    if entry.label == "signal" and entry.written_by == "policy":
        yield Fault(sheet.place(number, "register"), "is never a signal", "policy")
    for index, code in enumerate(entry.indicators):
        if code not in codes:
            family = ", ".join(sorted(other for other in codes if other[:3] == code[:3]))
            allowed = family or ", ".join(sorted({other[:3] for other in codes}))
            yield Fault(sheet.place(number, "indicators", index), "unknown indicator", code, allowed)
        if code in entry.indicators[:index]:
            yield Fault(sheet.place(number, "indicators", index), "is named twice", code)


def _doubles(
    sheet: Sheet, number: int, entry: SituationPart, found: dict[str, Situation], texts: dict[str, str]
) -> Iterator[Fault]:
    if entry.id in found:
        yield Fault(sheet.place(number, "id"), "is a duplicate id", entry.id, "each id once over train and unseen")
    key = " ".join(entry.text.casefold().split())
    first = texts.setdefault(key, entry.id)
    if first != entry.id:
        yield Fault(sheet.place(number, "text"), f"is the text of {first} too", entry.id)


def _situation(division: Division, entry: SituationPart) -> Situation:
    return Situation(
        id=entry.id,
        part=division,
        label=entry.label,
        form=Form(entry.form) if entry.form else None,
        sector=entry.sector or None,
        disguise=entry.disguise or None,
        register=entry.written_by,
        explicitness=entry.explicitness,
        indicators=tuple(sorted(entry.indicators)),
        why=entry.why,
        text=entry.text,
    )
