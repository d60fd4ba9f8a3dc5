"""A right for some forms of exploitation: a column of rights, given and proposed, and its part in row security."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

STATEMENTS = """
-- Whether every right that the acting person has now is for some forms only. Asked once a query: for everybody else
-- the rows are not looked at for it.
CREATE FUNCTION seinpost_narrowed() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT coalesce(bool_and(forms IS NOT NULL), false) FROM store_grant
        WHERE service_id = seinpost_service() AND person_id::text = seinpost_person()
          AND starts <= now() AND ends > now() $$;

-- Signals that are hidden from the acting person: restricted to others, or of forms that none of their rights is for.
-- A signal without a form, or that is their own work, is of everybody's forms; `process.policy.reaches_form` says so.
CREATE OR REPLACE FUNCTION seinpost_hidden() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT id FROM store_signal
        WHERE service_id = seinpost_service() AND NOT (need_to_know = '{}') AND seinpost_reach() <> 'all'
          AND NOT (seinpost_person() = ANY (need_to_know))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(glass) AS g
                          WHERE g ->> 'person' = seinpost_person() AND (g ->> 'until')::timestamptz > now())
        UNION ALL
        SELECT id FROM store_signal AS s
        WHERE (SELECT seinpost_reach() <> 'all' AND seinpost_narrowed())
          AND service_id = seinpost_service() AND NOT (forms = '{}')
          AND seinpost_person() NOT IN (coalesce(owner_id::text, ''), coalesce(next_person_id::text, ''))
          AND NOT (seinpost_person() = ANY (task_people))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(glass) AS g
                          WHERE g ->> 'person' = seinpost_person() AND (g ->> 'until')::timestamptz > now())
          AND NOT EXISTS (SELECT 1 FROM store_grant AS r
                          WHERE r.service_id = s.service_id AND r.person_id::text = seinpost_person()
                            AND r.starts <= now() AND r.ends > now() AND r.forms && s.forms) $$;
"""


def column() -> Any:
    """The forms of a right; null: every form."""
    return ArrayField(models.CharField(max_length=10), null=True, blank=True)


class Migration(migrations.Migration):
    """A column of rights and of proposals."""

    dependencies = [("store", "0018_second_person")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("grant", "forms", column()),
        migrations.AddField("proposal", "forms", column()),
        migrations.RunSQL(STATEMENTS),
    ]
