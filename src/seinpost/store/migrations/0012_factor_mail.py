"""The outbox also takes what no notice tells: that somebody's second factor was taken away."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("store", "0011_access")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AlterField("mail", "digest", models.BooleanField(default=False)),
        migrations.AddField("mail", "factor_reset", models.BooleanField(default=False)),
    ]
