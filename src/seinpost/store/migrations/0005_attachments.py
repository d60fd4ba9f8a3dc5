"""Attachments: by their digest, with their names beside the chain; files of forms; erasing with a line that stays."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion as on
from django.conf import settings
from django.db import migrations, models

MINE = "service_id = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> ''"
GUARDS = f"""
ALTER TABLE store_draftfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_person ON store_draftfile
  USING ({MINE} AND person_id::text = (SELECT seinpost_person()))
  WITH CHECK ({MINE} AND person_id::text = (SELECT seinpost_person()));

-- Whether anything of the service still points at a file. Sees past row security: a form of somebody else counts too.
CREATE FUNCTION seinpost_file_wanted(of_digest text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT EXISTS (SELECT 1 FROM store_attachment WHERE service_id = seinpost_service() AND digest = of_digest)
            OR EXISTS (SELECT 1 FROM store_draftfile WHERE service_id = seinpost_service() AND digest = of_digest) $$;

-- Erase an attachment with its name and origin. The app's role may not delete these rows; this does if, and only if,
-- the erasure stands in the chain after the event that added the file.
CREATE FUNCTION seinpost_erase_attachment(of_signal uuid, of_digest text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  named text := '"digest":"' || of_digest || '"';
  added bigint;
BEGIN
  SELECT max(e.id) INTO added FROM store_caseevent AS e JOIN store_attachment AS a ON a.signal_id = e.signal
    WHERE e.signal = of_signal AND e.kind = 'attached' AND position(named IN e.body) > 0
      AND a.digest = of_digest AND a.service_id = seinpost_service() AND e.service = seinpost_service();
  IF added IS NULL THEN
    RAISE EXCEPTION 'no such attachment' USING ERRCODE = 'no_data_found';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM store_caseevent AS e WHERE e.signal = of_signal AND e.kind = 'attachment-erased'
                 AND position(named IN e.body) > 0 AND e.id > added) THEN
    RAISE EXCEPTION 'an attachment is erased only after its custody line' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM store_eventwords WHERE event = added;
  DELETE FROM store_attachment WHERE signal_id = of_signal AND digest = of_digest;
END $$;
"""


class Migration(migrations.Migration):
    """What was never written is reshaped; forms get files."""

    dependencies = [("store", "0004_filing")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.RemoveField("attachment", "name"),
        migrations.RemoveField("attachment", "media_type"),
        migrations.RemoveField("attachment", "how"),
        migrations.AddField("attachment", "kind", models.CharField(max_length=40), preserve_default=False),
        migrations.AddField("attachment", "shows_source", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "attachment", models.UniqueConstraint(fields=["signal", "digest"], name="attachment_once")
        ),
        migrations.AddIndex("attachment", models.Index("service", "digest", name="attachment_same")),
        migrations.CreateModel(
            "DraftFile",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("draft", models.ForeignKey("store.draft", on.CASCADE, related_name="files")),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, on.PROTECT, related_name="+")),
                ("service", models.ForeignKey("store.service", on.PROTECT)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["draft", "digest"], name="draft_file_once")],
            },
        ),
        migrations.RunSQL(GUARDS),
    ]
