"""What is asked each time somebody opens a signal, put together once."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from seinpost.store.models import Attachment, Contribution, Hit, Person, Signal, SignalKey, TextVersion, Unit
from seinpost.store.statement import Statement

MOST = 20  # other signals that one is shown beside
SIGNAL = Statement(lambda key: Signal.objects.filter(pk=key), key=UUID)
UNIT = Statement(lambda code: Unit.objects.filter(pk=code), code=str)
ASKED = Statement(
    lambda key, person: Signal.objects.filter(pk=key, asked__contains=[person]).values_list("pk", flat=True),
    **{"key": UUID, "person": str},
)
TEXTS = Statement(lambda signal: TextVersion.objects.filter(signal=signal).order_by("number"), signal=UUID)
KEYS = Statement(
    lambda signal: SignalKey.objects.filter(signal=signal).order_by("kind", "key").values_list("kind", "key"),
    signal=UUID,
)
NAMES = Statement(lambda service: Person.objects.filter(service=service).values_list("pk", "name"), service=str)
HITS = Statement(lambda signal: Hit.objects.filter(signal=signal).order_by("start", "end", "pk"), signal=UUID)
CONTRIBUTIONS = Statement(lambda signal: Contribution.objects.filter(signal=signal).order_by("pk"), signal=UUID)


def files_of_others(signal: UUID) -> QuerySet[Attachment]:
    """The files of other signals that a signal has too; none that shows a source."""
    files = Attachment.objects.filter(signal=signal, shows_source=False).values("digest")
    return Attachment.objects.filter(digest__in=files, shows_source=False).exclude(signal=signal)


def keys_of_others(signal: UUID) -> QuerySet[SignalKey]:
    """What other signals name that a signal names too."""
    # constant text; a comparison of rows has no form in the ORM
    return SignalKey.objects.exclude(signal=signal).extra(
        where=["(kind, key) IN (SELECT kind, key FROM store_signalkey AS mine WHERE mine.signal_id = %s)"],
        params=[signal],
    )


def words_of_others(signal: UUID, digest: str) -> QuerySet[Signal]:
    """The other signals with the same words."""
    return Signal.objects.filter(digest=digest).exclude(pk=signal)


SAME_WORDS = Statement(
    lambda signal, digest: words_of_others(signal, digest).values_list("pk", flat=True)[:MOST],
    **{"signal": UUID, "digest": str},
)
SAME_FILE = Statement(lambda signal: files_of_others(signal).values_list("signal", flat=True)[:MOST], signal=UUID)
SAME_KEY = Statement(
    lambda signal: keys_of_others(signal).values_list("signal", "kind", "key")[: 10 * MOST], signal=UUID
)
