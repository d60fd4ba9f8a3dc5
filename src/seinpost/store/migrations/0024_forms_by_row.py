"""Rights for some forms, row by row: the rows of a signal are asked about, and no list is made of all that is hidden.

With a list for every query, the queue of somebody with such a right took seconds among 60,000 signals.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

OF_SIGNAL = ["textversion", "hit", "contribution", "signalkey", "attachment"]
OF_SERVICE = ["caseevent", "eventwords", "viewlog"]

FUNCTIONS = """
-- Whether the acting person sees signals of some forms only; asked once a query.
CREATE FUNCTION seinpost_narrows() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT seinpost_reach() <> 'all' AND seinpost_narrowed() $$;

-- The forms that the rights of the acting person are for; asked once a query.
CREATE FUNCTION seinpost_forms() RETURNS varchar[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT coalesce(array_agg(DISTINCT one), '{}') FROM store_grant, unnest(forms) AS one
        WHERE service_id = seinpost_service() AND person_id::text = seinpost_person()
          AND starts <= now() AND ends > now() $$;

-- Signals that are restricted to others than the acting person; few, by an index of their own.
CREATE FUNCTION seinpost_restricted() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT id FROM store_signal
        WHERE service_id = seinpost_service() AND NOT (need_to_know = '{}') AND seinpost_reach() <> 'all'
          AND NOT (seinpost_person() = ANY (need_to_know))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(glass) AS g
                          WHERE g ->> 'person' = seinpost_person() AND (g ->> 'until')::timestamptz > now()) $$;

-- Whether a signal is of forms that none of these is of, and no work of the person; `process.policy.reaches_form`.
CREATE FUNCTION seinpost_elsewhere(wanted uuid, forms_of varchar[], person text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT EXISTS (SELECT 1 FROM store_signal AS s WHERE s.id = wanted
          AND NOT (s.forms = '{}') AND NOT (s.forms && forms_of)
          AND person NOT IN (coalesce(s.owner_id::text, ''), coalesce(s.next_person_id::text, ''))
          AND NOT (person = ANY (s.task_people))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(s.glass) AS g
                          WHERE g ->> 'person' = person AND (g ->> 'until')::timestamptz > now())) $$;
"""

OF_A_ROW = """((SELECT NOT seinpost_narrows()) OR forms = '{}' OR forms && (SELECT seinpost_forms())
  OR (SELECT seinpost_person()) IN (coalesce(owner_id::text, ''), coalesce(next_person_id::text, ''))
  OR (SELECT seinpost_person()) = ANY (task_people)
  OR EXISTS (SELECT 1 FROM jsonb_array_elements(glass) AS g
             WHERE g ->> 'person' = (SELECT seinpost_person()) AND (g ->> 'until')::timestamptz > now()))"""

SEARCH = """
CREATE OR REPLACE FUNCTION seinpost_search(wanted tsquery, most integer) RETURNS SETOF uuid LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
  AS $$ SELECT found.signal FROM (
          SELECT signal_id AS signal FROM store_textversion WHERE search @@ wanted AND service_id = seinpost_service()
          UNION ALL
          SELECT signal FROM store_eventwords WHERE search @@ wanted AND service = seinpost_service()) AS found
        WHERE seinpost_service() <> '' AND {shown}
        LIMIT most $$;
DROP FUNCTION seinpost_hidden();
"""


def shown(key: str) -> str:
    """Whether the acting person may see the signal of a key."""
    return (
        f"NOT ({key} IN (SELECT seinpost_restricted())) AND ((SELECT NOT seinpost_narrows())"
        f" OR NOT seinpost_elsewhere({key}, (SELECT seinpost_forms()), (SELECT seinpost_person())))"
    )


def statements() -> str:
    """The whole step."""
    parts = [FUNCTIONS]
    conditions = {"signal": ("service_id", f"NOT (id IN (SELECT seinpost_restricted())) AND {OF_A_ROW}")}
    conditions |= {table: ("service_id", shown("signal_id")) for table in OF_SIGNAL}
    conditions |= {table: ("service", f"(signal IS NULL OR ({shown('signal')}))") for table in OF_SERVICE}
    for table, (column, told) in conditions.items():
        mine = f"{column} = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> ''"
        parts.append(f"ALTER POLICY own_service ON store_{table} USING ({mine} AND {told});\n")
    parts.append(SEARCH.format(shown=shown("found.signal")))
    return "".join(parts)


class Migration(migrations.Migration):
    """Row security of rights for some forms."""

    dependencies = [("store", "0023_hit_version")]
    operations: list[Any] = [migrations.RunSQL(statements())]  # type: ignore[misc]
