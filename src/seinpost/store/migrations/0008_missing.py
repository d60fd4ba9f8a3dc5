"""What a registration does not tell, for the queue."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; an older signal gets what its events say when somebody next does something with it."""

    dependencies = [("store", "0007_mail")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("signal", "missing", ArrayField(models.CharField(max_length=40), default=list)),
    ]
