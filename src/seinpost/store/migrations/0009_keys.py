"""Keys that speak for one source and one unit, for at most a year; what each was used for; imports by a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django.db.models.deletion as on
from django.db import migrations, models
from django.db.models import F, Q

OF_SERVICE = """
ALTER TABLE store_unit ADD CONSTRAINT unit_of_service UNIQUE (code, service_id);
ALTER TABLE store_apikey ADD CONSTRAINT apikey_id_service UNIQUE (id, service_id);
ALTER TABLE store_apikey ADD CONSTRAINT apikey_of_service FOREIGN KEY (unit_id, service_id)
  REFERENCES store_unit (code, service_id);
ALTER TABLE store_keyuse ADD CONSTRAINT keyuse_of_service FOREIGN KEY (key_id, service_id)
  REFERENCES store_apikey (id, service_id);
ALTER TABLE store_import ADD CONSTRAINT import_of_service FOREIGN KEY (key_id, service_id)
  REFERENCES store_apikey (id, service_id);
"""


class Migration(migrations.Migration):
    """A key's unit, its uses and its imports are of the key's own service: the database says so, whoever writes."""

    dependencies = [("store", "0008_missing")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("apikey", "source", models.CharField(default="", max_length=80), preserve_default=False),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=Q(ends__gte=F("made_at")) & Q(ends__lte=F("made_at") + timedelta(days=366)),
                name="key_at_most_a_year",
            ),
        ),
        migrations.AddField("keyuse", "requests", models.PositiveIntegerField(default=0)),
        migrations.AddField("keyuse", "refused", models.PositiveIntegerField(default=0)),
        migrations.AddField("import", "key", models.ForeignKey("store.apikey", on.PROTECT, null=True)),
        migrations.RemoveConstraint("import", "import_once"),
        migrations.AddConstraint(
            "import",
            models.UniqueConstraint(fields=["service", "digest"], name="import_once", condition=Q(key__isnull=True)),
        ),
        migrations.RunSQL(OF_SERVICE, migrations.RunSQL.noop),
    ]
