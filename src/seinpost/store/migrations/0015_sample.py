"""What was dismissed lately, for the control sample."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index over what is dismissed."""

    dependencies = [("store", "0014_tasks")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddIndex(
            "signal",
            models.Index("service", "last_at", name="signal_dismissed", condition=Q(phase="dismissed")),
        ),
    ]
