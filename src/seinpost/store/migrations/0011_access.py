"""How somebody comes in: a reset factor, the code of conduct signed, how a provider names them; counters for limits."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

CACHE = """
CREATE TABLE seinpost_cache (
  cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL
);
CREATE INDEX seinpost_cache_expires ON seinpost_cache (expires);
"""


class Migration(migrations.Migration):
    """Three columns, and the table that all processes count failed attempts and used codes in."""

    dependencies = [("store", "0010_silence")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("person", "factor_reset_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("person", "code_of_conduct_version", models.CharField(blank=True, max_length=20)),
        migrations.AddField("person", "provider_email", models.EmailField(blank=True, max_length=254)),
        migrations.RunSQL(CACHE, "DROP TABLE seinpost_cache"),
    ]
