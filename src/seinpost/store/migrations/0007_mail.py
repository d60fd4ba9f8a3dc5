"""The outbox of mail, and when each person wants it."""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion as on
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

MINE = "service_id = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> ''"
POLICY = f"""
ALTER TABLE store_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_service ON store_mail USING ({MINE}) WITH CHECK ({MINE});
"""


class Migration(migrations.Migration):
    """One table, and three columns."""

    dependencies = [("store", "0006_draft_limit")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.CreateModel(
            "Mail",
            [
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("digest", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("fault", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, on.PROTECT, related_name="mails")),
                ("service", models.ForeignKey("store.service", on.PROTECT)),
            ],
            options={
                "indexes": [
                    models.Index("service", "next_try_at", name="mail_waiting", condition=Q(sent_at__isnull=True))
                ]
            },
        ),
        migrations.AddField(
            "notice", "mail", models.ForeignKey("store.mail", on.SET_NULL, null=True, related_name="notices")
        ),
        migrations.AddField(
            "person", "digest_hour", models.PositiveSmallIntegerField(blank=True, default=8, null=True)
        ),
        migrations.AddField("person", "digest_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(POLICY),
    ]
