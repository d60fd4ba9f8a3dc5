"""Hits of every version of a text: those there are were found in the first."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; the rows that are there keep their meaning."""

    dependencies = [("store", "0022_queue_far_late")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("hit", "version", models.PositiveIntegerField(default=1)),
    ]
