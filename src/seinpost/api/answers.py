"""From what was read, scanned and filed to what is answered: each registration in the order of the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from seinpost.api.reading import ROOT, Read, Unread, fault_at, shown
from seinpost.api.scanning import Scanned
from seinpost.api.shapes import Account, Answer, FieldFault, Outcome, Registration, Result
from seinpost.packs.procedure.procedure import Procedure
from seinpost.process.speech import reference, say
from seinpost.run.read.quarantine import Reason
from seinpost.store.machines.push import NOT_KEPT, Became, Fault, Pushed, Receipt
from seinpost.store.models import Import
from seinpost.store.received import ReceivedHit

Faults = Mapping[int, tuple[FieldFault, ...]]
"""What is wrong with registrations, by their place in the request."""
RESULTS = {
    "filed": Result.FILED,
    "known": Result.KNOWN,
    "corrected": Result.NEW_VERSION,
    "refused": Result.REFUSED,
    NOT_KEPT: Result.NOT_FLAGGED,
}


def readable(read: Read) -> dict[int, Registration]:
    """The registrations that could be read, by their place."""
    return {place: item for place, item in enumerate(read.items) if isinstance(item, Registration)}


def faults_of(read: Read, scanned: Scanned, language: str) -> Faults:
    """What is wrong with those that could not be read or scanned."""
    faults = {place: item.faults for place, item in enumerate(read.items) if isinstance(item, Unread)}
    return faults | {place: (set_apart(place, why, read, language),) for place, why in scanned.apart.items()}


def set_apart(place: int, why: Reason, read: Read, language: str) -> FieldFault:
    """What is wrong with a registration that the scan set apart."""
    if why is Reason.DUPLICATE_ID:
        field = "registration_id"
        return fault_at(f"{ROOT}/{place}/{field}", field, "double", shown(read.items[place].registration_id), language)
    return fault_at(f"{ROOT}/{place}", "", "scan", why.value, language)


def pushed_of(
    read: Read, scanned: Scanned, faults: Faults, passages: Callable[[str], tuple[ReceivedHit, ...]]
) -> Pushed:
    """What is handed to the store: of what could not be read the place, the number and the field."""
    apart = tuple(
        Fault(f"{place} {read.items[place].registration_id or ''}".strip(), "; ".join(one.pointer for one in found))
        for place, found in sorted(faults.items())
    )
    items = tuple(scanned.items[place] for place in sorted(scanned.items))
    return Pushed(digest=read.digest, pack=scanned.pack, lane=read.lane, items=items, faults=apart, passages=passages)


def answer_of(read: Read, receipt: Receipt, faults: Faults, plan: Procedure, language: str) -> Answer:
    """The whole answer."""
    results = tuple(outcomes(read, receipt, faults, plan, language))
    return Answer(account=account_of(receipt.account), results=results)


def outcomes(read: Read, receipt: Receipt, faults: Faults, plan: Procedure, language: str) -> Iterator[Outcome]:
    """What became of each registration."""
    became = iter(receipt.became)
    for place, item in enumerate(read.items):
        number = item.registration_id
        if place in faults:
            yield Outcome(registration_id=number, result=Result.REFUSED, errors=faults[place])
            continue
        one = next(became)
        signal = reference(receipt.account.service_id, one.number) if one.number is not None else None
        errors = refusal(one, place, plan, language)
        yield Outcome(registration_id=number, result=RESULTS[one.word], signal=signal, errors=errors)


def refusal(became: Became, place: int, plan: Procedure, language: str) -> tuple[FieldFault, ...]:
    """Why a registration could not be filed, if it could not."""
    if became.refused is None:
        return ()
    plain = fault_at(f"{ROOT}/{place}", "", "filing", None, language)
    why = " ".join((plain.detail, *say(became.refused, plan, language)))
    return (plain.model_copy(update={"detail": why}),)


def account_of(row: Import) -> Account:
    """A row of the import ledger, as the API tells it."""
    return Account(
        id=row.pk, source=row.source, unit=row.unit_id, lane=row.lane, digest=row.digest, pack=row.pack,
        started_at=row.started_at, finished_at=row.finished_at, received=row.received, filed=row.filed,
        known=row.known, new_version=row.corrected, refused=row.refused + row.failed, not_flagged=row.not_kept,
    )  # fmt: skip
