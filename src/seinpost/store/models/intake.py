"""What was handed in: per import a balance that must come out, and the rows that could not be read."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from seinpost.store.models.people import ApiKey, Service, Unit


class Import(models.Model):
    """One hand-in: received = filed + known + corrected + refused + not kept + failed, once it is finished.

    Of a run, which is one import however often it is handed in; or of a request with a key, each an import of its own.
    `not_kept` were not flagged, or flagged for linking only and not in the control sample; `failed` could not be read,
    `refused` could not be filed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    source = models.CharField(max_length=80)
    lane = models.CharField(max_length=12, default="daily")
    digest = models.CharField(max_length=64)  # of the ledger of the run, or of what the request handed in
    key = models.ForeignKey(ApiKey, models.PROTECT, null=True)
    pack = models.CharField(max_length=80)
    received = models.PositiveBigIntegerField()
    not_kept = models.PositiveBigIntegerField()
    filed = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    corrected = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "digest"], name="import_once", condition=Q(key__isnull=True)),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(received=F("filed") + F("known") + F("corrected") + F("refused") + F("not_kept") + F("failed")),
                name="import_balances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at}"


class ImportFault(models.Model):
    """One row of an import that could not be filed: where, and why. Never its text."""

    service = models.ForeignKey(Service, models.PROTECT)
    batch = models.ForeignKey(Import, models.PROTECT, related_name="faults")
    place = models.CharField(max_length=300)
    problem = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"
