"""What somebody should know: left in the transaction of the change, mailed by the worker afterwards, from an outbox."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from seinpost.store.models.people import Person, Service


class Mail(models.Model):
    """One mail in the outbox, with the notices it tells of; what it says is written when it is sent, and kept nowhere.

    It leaves at least once: a worker killed between the mail server's yes and the commit sends it again, under the same
    number, by which a mail server can know it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="mails")
    digest = models.BooleanField(default=False)
    factor_reset = models.BooleanField(default=False)  # tells no notices, but that the second factor was taken away
    right_asked = models.BooleanField(default=False)  # tells no notices, but that a proposed right waits
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("service", "next_try_at", name="mail_waiting", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return str(self.id)


class Notice(models.Model):
    """One notice to one person about one signal; holds no words of the signal."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    signal = models.UUIDField()
    event_kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("person", "at", name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index("service", "at", name="notice_unmailed", condition=Q(mailed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event_kind} {self.person_id}"
