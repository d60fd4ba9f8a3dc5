"""A key that speaks for a protected source."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of the keys."""

    dependencies = [("store", "0015_sample")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("apikey", "compartment", models.CharField(max_length=40, blank=True, default="")),
        migrations.AddField(
            "apikey", "identifies", ArrayField(models.CharField(max_length=80), default=list, blank=True)
        ),
    ]
