"""Who has an open task, and when the first of them is due: for the day of a person, and for reminders."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

from seinpost.store.models.signals import OPEN


class Migration(migrations.Migration):
    """Two columns; an older signal gets what its events say when somebody next does something with it."""

    dependencies = [("store", "0013_queue_order")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("signal", "task_people", ArrayField(models.CharField(max_length=40), default=list)),
        migrations.AddField("signal", "task_due", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "signal",
            models.Index("service", "task_due", name="signal_task_due", condition=OPEN & Q(task_due__isnull=False)),
        ),
    ]
