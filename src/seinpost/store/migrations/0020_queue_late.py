"""Whether anything in a part of the queue is late, without looking through it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from seinpost.store.models.signals import OPEN


class Migration(migrations.Migration):
    """One index over what is open."""

    dependencies = [("store", "0019_forms_of_rights")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddIndex(
            "signal",
            models.Index("service", "risk_to_life", "minor", "due", name="signal_late", condition=OPEN),
        ),
    ]
