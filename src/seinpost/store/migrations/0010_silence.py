"""What silent rules keep out of the queue, or let through as a sample."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Three columns and an index."""

    dependencies = [("store", "0009_keys")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("signal", "silent_until", models.DateField(null=True)),
        migrations.AddField("signal", "silenced_by", ArrayField(models.CharField(max_length=300), default=list)),
        migrations.AddField("signal", "silent_sample", models.BooleanField(default=False)),
        migrations.AddIndex(
            "signal", models.Index("service", "silent_until", name="signal_silent", condition=~Q(silenced_by=[]))
        ),
    ]
