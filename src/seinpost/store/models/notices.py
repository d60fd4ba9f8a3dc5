"""What somebody should know: left in the transaction of the change, mailed by the worker afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from seinpost.store.models.people import Person, Service


class Notice(models.Model):
    """One notice to one person about one signal; holds no words of the signal."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    signal = models.UUIDField()
    event_kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("person", "at", name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index("service", "at", name="notice_unmailed", condition=Q(mailed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event_kind} {self.person_id}"
