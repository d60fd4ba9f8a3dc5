"""Signals, their texts, and what the scan said about them, frozen as it was.

The columns of a signal repeat what its events say, for lists and row security; `store.projection` is the only place
that fills them, and a test compares them with the events.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf

from seinpost.packs.procedure.terms import OPEN_PHASES, Phase, Processing, Task
from seinpost.store.models.people import Person, Service, Unit, choices, one_of

OPEN = Q(phase__in=sorted(phase.value for phase in OPEN_PHASES))


class Signal(models.Model):
    """One signal of one service, from received registration to its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True, editable=False, db_default=Value(0))  # an identity of the database
    service = models.ForeignKey(Service, models.PROTECT, related_name="signals")
    task = models.CharField(max_length=20, choices=choices(Task))
    processing = models.CharField(max_length=10, choices=choices(Processing))
    practice = models.BooleanField(default=False)
    # where it came from; other words under the same id are a new version of the same signal
    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=40)
    from_scan = models.BooleanField()
    lane = models.CharField(max_length=12, choices=[("daily", "daily"), ("historical", "historical")], default="daily")
    author = models.CharField(max_length=120, blank=True)
    registered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    details = models.JSONField(default=dict)
    # what its events say
    phase = models.CharField(max_length=16, choices=choices(Phase))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="signals")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="signals")
    held_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="held")
    held_until = models.DateTimeField(null=True)
    next_kind = models.CharField(max_length=40, blank=True)
    next_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="next_actions")
    due = models.DateTimeField(null=True)
    very_late = models.DateTimeField(null=True)
    diary = models.DateField(null=True)
    silent_until = models.DateField(null=True)  # outside the queue until then: the lane of what silent rules keep out
    silenced_by = ArrayField(models.CharField(max_length=300), default=list)  # "RULE kind:key"
    silent_sample = models.BooleanField(default=False)
    risk_to_life = models.BooleanField(default=False)
    minor = models.BooleanField(default=False)
    forms = ArrayField(models.CharField(max_length=10), default=list)
    missing = ArrayField(models.CharField(max_length=40), default=list)  # questions that are still open
    need_to_know = ArrayField(models.CharField(max_length=40), default=list)
    glass = models.JSONField(default=list)  # [{"person": id, "until": moment}], for row security
    asked = ArrayField(models.CharField(max_length=40), default=list)
    task_people = ArrayField(models.CharField(max_length=40), default=list)  # who has an open task
    task_due = models.DateTimeField(null=True)  # of the first of its open tasks
    compartment = models.CharField(max_length=40, blank=True)
    joined_to = models.UUIDField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
    events = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    # what the scan said when it was received
    layer = models.CharField(max_length=4, blank=True)
    score = models.FloatField(null=True)
    reason_nl = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    pack = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "source", "external_id"], name="signal_once"),
            models.UniqueConstraint(fields=["id", "service"], name="signal_of_service"),
            one_of(Phase, "phase", "signal_phase"),
            one_of(Task, "task", "signal_task"),
            one_of(Processing, "processing", "signal_processing"),
            models.CheckConstraint(  # the guarantee, as far as one row can say it
                condition=~OPEN
                | (~Q(next_kind="") & Q(due__isnull=False, very_late__isnull=False, very_late__gte=models.F("due"))),
                name="open_signal_has_next_action_and_date",
            ),
        ]
        indexes = [
            models.Index("service", "unit", "due", name="signal_queue", condition=OPEN),
            models.Index("service", "very_late", name="signal_very_late", condition=OPEN),
            models.Index("service", "risk_to_life", "minor", "due", name="signal_late", condition=OPEN),
            models.Index("service", "risk_to_life", "minor", "very_late", name="signal_far_late", condition=OPEN),
            models.Index("service", "received_at", name="signal_oldest", condition=OPEN),
            models.Index("service", "due", name="signal_diary", condition=OPEN & Q(diary__isnull=False)),
            models.Index(
                F("service"),
                F("risk_to_life").desc(),
                F("minor").desc(),
                NullIf("layer", Value("")),
                F("score").desc(nulls_last=True),
                F("due"),
                F("id"),
                name="signal_order",
                condition=OPEN,
            ),
            models.Index("service", "owner", "due", name="signal_of_owner", condition=OPEN),
            models.Index("service", "digest", name="signal_digest"),
            models.Index("service", "external_id", name="signal_external_id"),
            models.Index("service", "received_at", name="signal_received"),
            models.Index("service", "silent_until", name="signal_silent", condition=~Q(silenced_by=[])),
            models.Index("service", "task_due", name="signal_task_due", condition=OPEN & Q(task_due__isnull=False)),
            models.Index("service", "last_at", name="signal_dismissed", condition=Q(phase="dismissed")),
            models.Index("service", name="signal_restricted", condition=~Q(need_to_know=[])),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OfSignal(models.Model):
    """A row that belongs to a signal, and so to its service."""

    service = models.ForeignKey(Service, models.PROTECT)
    signal = models.ForeignKey(Signal, models.PROTECT)

    class Meta:
        abstract = True


class TextVersion(OfSignal):
    """The words of a registration: version 1 as received, later ones appended; none is ever changed."""

    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=40)
    search = models.GeneratedField(
        expression=SearchVector("text", config="dutch"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "number"], name="version_once")]
        indexes = [GinIndex("search", name="version_search")]

    def __str__(self) -> str:
        return f"{self.signal_id} version {self.number}"


class Hit(OfSignal):
    """A pattern found in a version of the text, as the scan told it; of what a person wrote, only what pages fold."""

    version = models.PositiveIntegerField(default=1)
    indicator = models.CharField(max_length=40)
    pattern = models.CharField(max_length=60)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    context = models.CharField(max_length=24)
    quote = models.TextField()

    def __str__(self) -> str:
        return f"{self.indicator} {self.start}-{self.end}"


class Contribution(OfSignal):
    """One addend of the score, with the sentences it was explained by."""

    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=24)
    weight = models.FloatField()
    context = models.CharField(max_length=24, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    quote = models.TextField(blank=True)
    sentence = models.CharField(max_length=120)
    sentence_nl = models.TextField()
    sentence_en = models.TextField()

    def __str__(self) -> str:
        return f"{self.rule} {self.weight}"


class SignalKey(OfSignal):
    """A phone, plate, address or firm in exact normal form: what makes two signals related before anybody opens one."""

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "kind", "key"], name="key_once")]
        indexes = [models.Index("service", "kind", "key", name="key_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Attachment(OfSignal):
    """A file that came with a signal, by its digest; the bytes are outside the database, under that digest.

    Its name and where it came from are words of a person: they stand beside the event that added it, erasable.
    """

    kind = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=40)
    shows_source = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "digest"], name="attachment_once")]
        indexes = [models.Index("service", "digest", name="attachment_same")]

    def __str__(self) -> str:
        return self.digest


class SavedSearch(models.Model):
    """A search somebody keeps; the default one is what their queue opens with."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="searches")
    name = models.CharField(max_length=80)
    query = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="search_once"),
            models.UniqueConstraint(fields=["person"], name="search_default", condition=Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return self.name
