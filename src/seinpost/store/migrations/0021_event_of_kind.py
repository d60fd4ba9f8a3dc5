"""Events of a rare kind without reading the log: emergency access, weighings, what stood still, the last proof."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index of the log."""

    dependencies = [("store", "0020_queue_late")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddIndex(
            "caseevent",
            models.Index("service", "kind", "id", name="event_of_kind", condition=~Q(kind="registered")),
        ),
    ]
