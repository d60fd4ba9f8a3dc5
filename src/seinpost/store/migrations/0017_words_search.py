"""What people wrote with an event is searched as texts are; what may name a protected source never is."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import Case, Q, When

FOUND = (
    *("action-planned", "assigned", "closed", "closing-proposed", "confirmed", "corrected", "decision-undone"),
    *("disagreed", "dismissed", "doubted", "escalated", "joined", "looked-up", "marked-urgent", "noted", "paused"),
    *("postponed", "released", "reopened", "restricted", "restriction-lifted", "resumed", "rule-suppressed"),
    *("rule-unsuppressed", "step-waived", "submitted", "task-added", "task-finished", "weighed"),
)
# Words are append-only for every role; the kind of the event they stand beside is told to them once, here.
KINDS = """
ALTER TABLE store_eventwords DISABLE TRIGGER append_only;
UPDATE store_eventwords AS w SET kind = e.kind FROM store_caseevent AS e WHERE e.id = w.event;
ALTER TABLE store_eventwords ENABLE TRIGGER append_only;
"""
SEARCH = """
DROP FUNCTION seinpost_search(tsquery);

-- Full text search over the service's own texts and the words beside its events, of signals that are not restricted to
-- others; a signal may come more than once. Row security would keep the indexes from being used: the operator of text
-- search could leak what it is shown, PostgreSQL must assume. Without the setting PostgreSQL may read a whole table in
-- the hope of meeting so many soon.
CREATE FUNCTION seinpost_search(wanted tsquery, most integer) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
  AS $$ SELECT found.signal FROM (
          SELECT signal_id AS signal FROM store_textversion WHERE search @@ wanted AND service_id = seinpost_service()
          UNION ALL
          SELECT signal FROM store_eventwords WHERE search @@ wanted AND service = seinpost_service()) AS found
        WHERE seinpost_service() <> '' AND NOT (found.signal IN (SELECT seinpost_hidden()))
        LIMIT most $$;
"""
BEFORE = """
DROP FUNCTION seinpost_search(tsquery, integer);
CREATE FUNCTION seinpost_search(wanted tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT DISTINCT signal_id FROM store_textversion
        WHERE search @@ wanted AND service_id = seinpost_service() AND seinpost_service() <> '' $$;
"""


class Migration(migrations.Migration):
    """The kind beside the words, their column for the search with its index, and the search over both."""

    dependencies = [("store", "0016_key_compartment")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("eventwords", "kind", models.CharField(max_length=40, default=""), preserve_default=False),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.AddField(
            "eventwords",
            "search",
            models.GeneratedField(
                expression=Case(
                    When(Q(kind__in=FOUND, signal__isnull=False), then=SearchVector("text", config="dutch"))
                ),
                output_field=SearchVectorField(null=True),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("eventwords", GinIndex("search", name="words_search", condition=Q(search__isnull=False))),
        migrations.RunSQL(SEARCH, BEFORE),
    ]
