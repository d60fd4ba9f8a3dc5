"""Every table. Rows only: what may change and how is in `store/actions`."""

from seinpost.store.models.filing import Draft, DraftFile, KeyUse
from seinpost.store.models.intake import Import, ImportFault
from seinpost.store.models.logs import CaseEvent, ChainHead, EventWords, ViewLog
from seinpost.store.models.notices import Mail, Notice
from seinpost.store.models.people import ApiKey, Grant, Person, Proposal, Service, Training, Unit
from seinpost.store.models.signals import Attachment, Contribution, Hit, SavedSearch, Signal, SignalKey, TextVersion

__all__ = [
    "ApiKey",
    "Attachment",
    "CaseEvent",
    "ChainHead",
    "Contribution",
    "Draft",
    "DraftFile",
    "EventWords",
    "Grant",
    "Hit",
    "Import",
    "ImportFault",
    "KeyUse",
    "Mail",
    "Notice",
    "Person",
    "Proposal",
    "SavedSearch",
    "Service",
    "Signal",
    "SignalKey",
    "TextVersion",
    "Training",
    "Unit",
    "ViewLog",
]
