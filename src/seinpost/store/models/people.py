"""Services, units, people and what they may: the rows that `process.policy` reads as `Actor`."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from seinpost.packs.procedure.terms import Processing, Profile, Purpose, Role, Task

CODE_PATTERN = r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"
ANSWERS = AGREED, DISAGREED, WITHDRAWN = ("agreed", "disagreed", "withdrawn")
CODE = RegexValidator(CODE_PATTERN, "kleine letters, cijfers en koppeltekens")


def choices(terms: Any) -> list[tuple[str, str]]:
    """The values of a closed set of terms, for a column that holds one of them."""
    return [(term.value, term.value) for term in terms]


def one_of(terms: Any, column: str, name: str) -> models.CheckConstraint:
    """The database's own word that a column holds a value of a closed set."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": [t.value for t in terms]}), name=name)


class Service(models.Model):
    """One data controller; a practice service holds synthetic signals only."""

    code = models.CharField(primary_key=True, max_length=40, validators=[CODE])
    profile = models.CharField(max_length=20, choices=choices(Profile))
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    practice = models.BooleanField(default=False)

    class Meta:
        constraints = [one_of(Profile, "profile", "service_profile")]

    def __str__(self) -> str:
        return self.name_nl


class Unit(models.Model):
    """A team of one service, working for one task under one regime of processing."""

    code = models.CharField(primary_key=True, max_length=60, validators=[CODE])
    service = models.ForeignKey(Service, models.PROTECT, related_name="units")
    task = models.CharField(max_length=20, choices=choices(Task))
    processing = models.CharField(max_length=10, choices=choices(Processing))
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        constraints = [one_of(Task, "task", "unit_task"), one_of(Processing, "processing", "unit_processing")]

    def __str__(self) -> str:
        return self.name_nl


class People(BaseUserManager["Person"]):
    """How Django finds a person by login; making one is an action."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this login."""
        return self.get(login=username)


class Person(AbstractBaseUser):
    """Somebody of one service who may log in. Names and logins are personal data: they are never in the chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="people")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl")
    is_active = models.BooleanField(default=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True, default=8)  # local; null: no digest
    digest_on = models.DateField(null=True, blank=True)  # the last day of which the digest was made
    code_of_conduct_signed_at = models.DateTimeField(null=True, blank=True)
    code_of_conduct_version = models.CharField(max_length=20, blank=True)
    factor_reset_at = models.DateTimeField(null=True, blank=True)
    provider_email = models.EmailField(
        blank=True
    )  # set by an administrator only; `email` is the person's own to change
    made_at = models.DateTimeField()

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """What pages call them."""
        return self.name


class RightColumns(models.Model):
    """A right: person x role x task x processing x period, for purposes; `units` null means the whole service."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="%(class)ss")
    role = models.CharField(max_length=30, choices=choices(role for role in Role if role is not Role.SYSTEM))
    task = models.CharField(max_length=20, choices=choices(Task))
    processing = models.CharField(max_length=10, choices=choices(Processing))
    purposes = ArrayField(models.CharField(max_length=20, choices=choices(Purpose)))
    units = ArrayField(models.CharField(max_length=60), null=True, blank=True)
    compartments = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    forms = ArrayField(models.CharField(max_length=10), null=True, blank=True)  # null: every form of exploitation
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    pk: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.role} {self.task} {self.processing}"


class Grant(RightColumns):
    """A right that is given. The database takes none that a person gave alone, unless it lies within another.

    `agreed_by` is the second person; empty for a right of the server's own command, and for one `within` another.
    """

    given_by = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=40, blank=True, default="")
    within = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            one_of([role for role in Role if role is not Role.SYSTEM], "role", "grant_role"),
            one_of(Task, "task", "grant_task"),
            one_of(Processing, "processing", "grant_processing"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="grant_period"),
        ]


class Proposal(RightColumns):
    """A right that was proposed: it gives nothing, and stays as it was asked; an answer makes it final.

    `asked_in`, `answered_in`: the events beside which the words of who asked and who answered stand.
    """

    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_in = models.BigIntegerField()
    answer = models.CharField(max_length=10, blank=True, default="", choices=[(a, a) for a in ANSWERS])
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_in = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(answer__in=("", *ANSWERS)), name="proposal_answer"),
        ]
        indexes = [models.Index("service", name="proposal_waiting", condition=models.Q(answer=""))]


class Training(models.Model):
    """A training somebody finished, and the first day on which it no longer counts."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings")
    code = models.CharField(max_length=60)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="training_once")]

    def __str__(self) -> str:
        return f"{self.code} until {self.until}"


class ApiKey(models.Model):
    """A key of a machine that hands in registrations; the key itself is shown once and kept as a digest.

    It speaks for one source and one unit: a key of one source cannot write over what came from another. The digest is
    plain SHA-256, which is right for 256 random bits and would be wrong for a password.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    source = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    compartment = models.CharField(max_length=40, blank=True, default="")  # of the source, where that is protected
    identifies = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # columns that tell who it is
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("made_at"))
                & models.Q(ends__lte=models.F("made_at") + timedelta(days=366)),  # a leap year too
                name="key_at_most_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name
