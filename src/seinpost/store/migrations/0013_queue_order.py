"""The queue in the order of reading, and its oldest, without sorting."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf

from seinpost.store.models.signals import OPEN


class Migration(migrations.Migration):
    """Three indexes over what is open."""

    dependencies = [("store", "0012_factor_mail")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddIndex("signal", models.Index("service", "received_at", name="signal_oldest", condition=OPEN)),
        migrations.AddIndex(
            "signal",
            models.Index("service", "due", name="signal_diary", condition=OPEN & Q(diary__isnull=False)),
        ),
        migrations.AddIndex(
            "signal",
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
        ),
    ]
