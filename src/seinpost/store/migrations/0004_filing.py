"""Drafts of the officer's form, seen by their writer only, and the use of keys."""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion as on
from django.conf import settings
from django.db import migrations, models

MINE = "service_id = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> ''"
POLICIES = f"""
ALTER TABLE store_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_person ON store_draft
  USING ({MINE} AND person_id::text = (SELECT seinpost_person()))
  WITH CHECK ({MINE} AND person_id::text = (SELECT seinpost_person()));
ALTER TABLE store_keyuse ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_service ON store_keyuse USING ({MINE}) WITH CHECK ({MINE});
"""


class Migration(migrations.Migration):
    """Two tables, with the rows that may be seen of them."""

    dependencies = [("store", "0003_signal_number")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.CreateModel(
            "Draft",
            [
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("answers", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, on.PROTECT, related_name="drafts")),
                ("service", models.ForeignKey("store.service", on.PROTECT)),
            ],
            options={"indexes": [models.Index("person", "changed_at", name="draft_of_person")]},
        ),
        migrations.CreateModel(
            "KeyUse",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("key", models.ForeignKey("store.apikey", on.PROTECT)),
                ("service", models.ForeignKey("store.service", on.PROTECT)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["key", "minute"], name="key_use_once")]},
        ),
        migrations.RunSQL(POLICIES),
    ]
