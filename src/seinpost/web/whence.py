"""From which queue somebody came to a signal: its filter and page go along in each link, and lead back there.

It is the plain question of the queue, and nothing else: no address, so it can lead nowhere but to the queue, and
nothing that is kept on the workstation or in the session (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from seinpost.store.actions.versions import stored_text

ASKED = (
    *("alles", "fase", "laag", "vorm", "eigenaar", "eenheid", "laat", "spoed", "baan", "weergave", "bladzijde"),
    *("rol", "uitgesteld", "taak"),
)
"""What can be asked of the queue; anything else in an address is left aside."""
NAME = "rij"
VALUE_LENGTH, MOST = 40, 1_000


def known(given: Mapping[str, str]) -> dict[str, str]:
    """What an address asks of the queue, in an order that does not depend on the address."""
    return {name: stored_text(given[name][:VALUE_LENGTH]) for name in ASKED if name in given}


def kept(text: str) -> str:
    """The question that a link carries, made anew from what can be asked; empty for anything else."""
    try:
        given = dict(parse_qsl(text[:MOST], max_num_fields=2 * len(ASKED)))
    except ValueError:  # more fields than there are questions
        return ""
    return urlencode(known(given))


def along(question: str, sign: str = "?") -> str:
    """What is put behind the address of a signal; `sign` is "&" where a question stands there already."""
    return f"{sign}{urlencode({NAME: question})}" if question else ""


def queue_address(question: str) -> str:
    """The queue as it was."""
    return f"{reverse('queue')}?{question}" if question else reverse("queue")
