"""The two logs. Neither points at other rows: they outlive what they tell about."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, Q, When

from seinpost.packs.procedure.terms import Purpose
from seinpost.store.models.people import choices

FOUND = (
    *("action-planned", "assigned", "closed", "closing-proposed", "confirmed", "corrected", "decision-undone"),
    *("disagreed", "dismissed", "doubted", "escalated", "joined", "looked-up", "marked-urgent", "noted", "paused"),
    *("postponed", "released", "reopened", "restricted", "restriction-lifted", "resumed", "rule-suppressed"),
    *("rule-unsuppressed", "step-waived", "submitted", "task-added", "task-finished", "weighed"),
)
"""Kinds of events whose words the search finds: those that everybody may read who may read the signal.

Never why a source is protected, nor the name, origin or erasure of a file, which may tell the source; nor why somebody
took emergency access. A kind that is not named here is not found.
"""


class ChainHead(models.Model):
    """The last link of a service's chain. Written by the database's own trigger; the app's role may only read it."""

    service = models.CharField(primary_key=True, max_length=40)
    number = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class CaseEvent(models.Model):
    """One thing that happened. `body` is the exact text under the hash; the other columns repeat it for lists.

    `number`, `previous` and `hash` are set by a trigger, so no program can fork the chain or leave a gap in it.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField(default=0)
    signal = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    body = models.TextField()
    previous = models.BinaryField(default=b"")
    hash = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="event_number_once")]
        indexes = [
            models.Index("signal", "id", name="event_of_signal"),
            models.Index("service", "by", "at", name="event_by_person"),
            # what is looked for by its kind is rare; most events are that a signal was registered
            models.Index("service", "kind", "id", name="event_of_kind", condition=~Q(kind="registered")),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number} {self.kind}"


class EventWords(models.Model):
    """Words that a person typed, beside the chain: that holds their salted digest, so they can be destroyed.

    What the search knows of them is a column of the same row: it goes when they go.
    """

    service = models.CharField(max_length=40)
    event = models.BigIntegerField(db_index=True)
    signal = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=40)  # of the event
    digest = models.CharField(max_length=64)
    salt = models.BinaryField()
    text = models.TextField()
    search = models.GeneratedField(
        expression=Case(When(Q(kind__in=FOUND, signal__isnull=False), then=SearchVector("text", config="dutch"))),
        output_field=SearchVectorField(null=True),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex("search", name="words_search", condition=Q(search__isnull=False))]

    def __str__(self) -> str:
        return self.digest


class ViewLog(models.Model):
    """Who looked at, searched for or exported what, and why; also who was refused. In the transaction of the look."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    at = models.DateTimeField()
    person = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    verb = models.CharField(max_length=20)
    signal = models.UUIDField(null=True)
    subject = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=1)
    refused = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index("service", "person", "at", name="view_by_person"),
            models.Index("service", "signal", "at", name="view_of_signal", condition=models.Q(signal__isnull=False)),
            BrinIndex("at", name="view_when"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.verb} {self.at}"
