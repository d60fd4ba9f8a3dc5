"""Forms that nobody files end: destroyed by the system, past the row security that shows a form to its writer only."""

from __future__ import annotations

from typing import Any

from django.db import migrations

EXPIRE = """
-- Destroy the forms of the acting service that were last changed before a moment; a row for each of them, with the
-- digests of its files. For the system only: nobody else sees past a form's own writer.
CREATE FUNCTION seinpost_expire_drafts(before timestamptz) RETURNS TABLE (draft uuid, digests text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  IF seinpost_person() <> 'system' THEN
    RAISE EXCEPTION 'only the system ends forms' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    WITH ended AS (SELECT id FROM store_draft WHERE service_id = seinpost_service() AND changed_at < before),
    files AS (DELETE FROM store_draftfile WHERE draft_id IN (SELECT id FROM ended) RETURNING draft_id, digest),
    gone AS (DELETE FROM store_draft WHERE id IN (SELECT id FROM ended) RETURNING id)
    SELECT gone.id, coalesce(array_agg(files.digest::text) FILTER (WHERE files.digest IS NOT NULL), '{}')
    FROM gone LEFT JOIN files ON files.draft_id = gone.id GROUP BY gone.id;
END $$;
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("store", "0005_attachments")]
    operations: list[Any] = [migrations.RunSQL(EXPIRE)]  # type: ignore[misc]
