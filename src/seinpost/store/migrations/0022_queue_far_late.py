"""Whether anything in a part of the queue is very late, without looking through what is late."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from seinpost.store.models.signals import OPEN


class Migration(migrations.Migration):
    """One index over what is open."""

    dependencies = [("store", "0021_event_of_kind")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddIndex(
            "signal",
            models.Index("service", "risk_to_life", "minor", "very_late", name="signal_far_late", condition=OPEN),
        ),
    ]
