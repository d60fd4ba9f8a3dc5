"""What comes before a signal: a form that somebody is still filling in, and how often a machine's key was used."""

from __future__ import annotations

import uuid

from django.db import models

from seinpost.store.models.people import ApiKey, Person, Service


class Draft(models.Model):
    """An officer's form that is not filed yet; only its own writer sees it, and it is erased when filed or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="drafts")
    answers = models.JSONField(default=dict)  # {question: [texts]}
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("person", "changed_at", name="draft_of_person")]

    def __str__(self) -> str:
        return str(self.id)


class DraftFile(models.Model):
    """A file added to a form that is not filed yet; seen by the form's writer only, and gone with the form."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "digest"], name="draft_file_once")]

    def __str__(self) -> str:
        return self.digest


class KeyUse(models.Model):
    """What a key was used for within one minute: requests let in, what they cost, and requests turned away.

    `count` is what its limit is counted in: the registrations handed in, and one for a request without any.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    key = models.ForeignKey(ApiKey, models.PROTECT)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="key_use_once")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.minute}"
