"""File what a machine handed in with one request: one transaction, one import that balances, the same path as a run.

Kept are the registrations for people, the control sample of layer D, and other words of what is a signal already. Of
the rest the import keeps counts and the digest of the request. Broken off, nothing of it stays; handed in again, what
was filed is known. The sample is drawn by each registration's own id and words, so it does not depend on what else was
in the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from seinpost.packs.procedure.procedure import Procedure
from seinpost.packs.procedure.terms import Setting
from seinpost.process.guarantee import is_sampled
from seinpost.process.shapes import Refused
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.intake import Into, Known, file_items, known_versions, one_at_a_time
from seinpost.store.actions.runs import FOR_PEOPLE, protected
from seinpost.store.actions.versions import stored_text
from seinpost.store.log import append_record
from seinpost.store.machines.keys import Admitted
from seinpost.store.models import Import, ImportFault, Signal
from seinpost.store.received import Received, ReceivedHit

NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class Fault:
    """A registration that could not be read: where it stood, and the field that is wrong. Never its words."""

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a request handed in, read and scanned; a registration without a reading is not flagged.

    `passages` finds what pages fold in a text: of a correction that is not flagged no hits are left of the scan.
    """

    digest: str
    pack: str
    lane: str
    items: tuple[Received, ...]
    faults: tuple[Fault, ...]
    passages: Callable[[str], tuple[ReceivedHit, ...]]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one registration: a word of the import's balance, and the number of its signal if it is one."""

    word: str
    number: int | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The import of a request, and what became of each of its items, in order."""

    account: Import
    became: tuple[Became, ...]


def file_pushed(*, admitted: Admitted, pushed: Pushed, now: datetime, plan: Procedure) -> Receipt:
    """File what a machine handed in, as the system of its service, with the account of it."""
    acting, batch = as_system(admitted.acting.service), uuid4()
    into = Into(admitted.unit, pushed.lane)
    safe = admitted.protection
    pushed = replace(pushed, items=tuple(protected(one, safe.compartment, safe.identifies) for one in pushed.items))
    with working_for(acting, reach="all"):
        one_at_a_time(acting.service)
        known = known_versions(pushed.items)
        kept = [item for item in pushed.items if is_kept(item, known, plan)]
        items = [with_passages(item, known, pushed.passages) for item in kept]
        filed = file_items(acting=acting, batch=batch, into=into, items=items, known=known, now=now, plan=plan)
        counts = Counter(one.became for one in filed)
        account = Import.objects.create(
            id=batch, service_id=acting.service, unit=admitted.unit, key_id=admitted.key, source=admitted.source,
            lane=pushed.lane, digest=pushed.digest, pack=pushed.pack, started_at=now, finished_at=now,
            received=len(pushed.items) + len(pushed.faults), failed=len(pushed.faults),
            not_kept=len(pushed.items) - len(kept), **counts,
        )  # fmt: skip
        keep_faults(account, pushed.faults)
        facts = {"import": str(batch), "digest": pushed.digest, "filed": account.filed, "received": account.received}
        append_record(acting.service, "import-finished", "system", now, {**facts, "key": str(admitted.key)})
        numbers = numbers_of({one.signal for one in filed if one.signal is not None})
    found = iter(Became(one.became, numbers.get(one.signal) if one.signal else None, one.refused) for one in filed)
    whose = {id(item) for item in kept}
    return Receipt(account, tuple(next(found) if id(item) in whose else Became(NOT_KEPT) for item in pushed.items))


def is_kept(item: Received, known: Known, plan: Procedure) -> bool:
    """Kept if, and only if, it is for people, in the control sample, or of a signal that is there already."""
    if (item.source, item.external_id) in known:
        return True
    if item.reading is None:
        return False
    per_mille = plan.settings[Setting.SAMPLE_PER_MILLE]
    return item.reading.layer in FOR_PEOPLE or is_sampled(item.external_id, item.digest, per_mille)


def with_passages(item: Received, known: Known, passages: Callable[[str], tuple[ReceivedHit, ...]]) -> Received:
    """The same; new words that are not flagged with what pages fold in them."""
    if item.reading is not None or item.digest in known[item.source, item.external_id][1]:
        return item
    return replace(item, distressing=passages(item.text))


def keep_faults(account: Import, faults: Iterable[Fault]) -> None:
    """Keep where each registration stood that could not be read, and which field was wrong."""
    ImportFault.objects.bulk_create(
        ImportFault(
            service_id=account.service_id, batch=account, place=stored_text(fault.place)[:300],
            problem=fault.problem[:300],
        )
        for fault in faults
    )  # fmt: skip


def numbers_of(signals: set[UUID]) -> dict[UUID, int]:
    """The numbers of signals."""
    return dict(Signal.objects.filter(pk__in=signals).values_list("pk", "number")) if signals else {}
