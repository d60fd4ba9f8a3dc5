"""Row security, the chain and the append-only logs: what holds whatever a program above it does.

Every transaction tells the database for whom it works (`store.acting`); without that no row is seen. The tables belong
to the owner's role, which migrates and makes backups; the app has a role of its own without BYPASSRLS, and gets its
rights in `store.rights`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

OF_SIGNAL = ["textversion", "hit", "contribution", "signalkey", "attachment"]
OF_PEOPLE = ["savedsearch", "grant", "training", "apikey", "notice"]
BY_SERVICE_ID = ["signal", *OF_SIGNAL, *OF_PEOPLE, "import", "importfault"]
LOGS = ["caseevent", "eventwords", "viewlog", "chainhead"]

CONTEXT = """
CREATE FUNCTION seinpost_service() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('seinpost.service', true), '') $$;
CREATE FUNCTION seinpost_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('seinpost.person', true), '') $$;
CREATE FUNCTION seinpost_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('seinpost.reach', true), '') $$;

-- Signals that are restricted to others than the acting person. Sees past row security, so that rows of a signal can
-- be hidden without looking the signal up for each of them.
CREATE FUNCTION seinpost_hidden() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT id FROM store_signal
        WHERE service_id = seinpost_service() AND NOT (need_to_know = '{}') AND seinpost_reach() <> 'all'
          AND NOT (seinpost_person() = ANY (need_to_know))
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(glass) AS g
                          WHERE g ->> 'person' = seinpost_person() AND (g ->> 'until')::timestamptz > now()) $$;

-- Full text search over the service's own texts. Row security would keep the index from being used: the operator of
-- text search could leak what it is shown, PostgreSQL must assume.
CREATE FUNCTION seinpost_search(wanted tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT DISTINCT signal_id FROM store_textversion
        WHERE search @@ wanted AND service_id = seinpost_service() AND seinpost_service() <> '' $$;

-- Of which service is a key? Asked before the transaction knows for whom it works.
CREATE FUNCTION seinpost_key_service(wanted text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT service_id FROM store_apikey WHERE digest = wanted $$;
"""

CHAIN = """
CREATE FUNCTION seinpost_refuse() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege'; END $$;

-- Sets number, previous and hash of a new event. The head's row is locked until the transaction ends, so numbers have
-- no gap and no fork: a transaction that is rolled back gives its numbers back with the head.
CREATE FUNCTION seinpost_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE head store_chainhead;
BEGIN
  SELECT * INTO head FROM store_chainhead WHERE service = NEW.service FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO store_chainhead (service, number, hash) VALUES (NEW.service, 0, sha256(convert_to(NEW.service, 'UTF8')))
      ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM store_chainhead WHERE service = NEW.service FOR UPDATE;
  END IF;
  NEW.number := head.number + 1;
  NEW.previous := head.hash;
  NEW.hash := sha256(head.hash || convert_to(NEW.service || E'\\n' || NEW.number || E'\\n' || NEW.body, 'UTF8'));
  UPDATE store_chainhead SET number = NEW.number, hash = NEW.hash WHERE service = NEW.service;
  RETURN NEW;
END $$;

CREATE TRIGGER chain BEFORE INSERT ON store_caseevent FOR EACH ROW EXECUTE FUNCTION seinpost_chain();
"""


def append_only(table: str, operations: str) -> str:
    """Refuse these operations on a table, to every role."""
    return f"""
CREATE TRIGGER append_only BEFORE {operations} ON store_{table} FOR EACH ROW EXECUTE FUNCTION seinpost_refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON store_{table} FOR EACH STATEMENT EXECUTE FUNCTION seinpost_refuse();
"""


def row_security(table: str, column: str, more: str = "") -> str:
    """Show and take rows of the acting service only."""
    mine = f"{column} = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> ''"
    return f"""
ALTER TABLE store_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_service ON store_{table} USING ({mine}{more}) WITH CHECK ({mine});
"""


def statements() -> str:
    """The whole step."""
    parts = [CONTEXT, CHAIN]
    hidden = " AND NOT ({} IN (SELECT seinpost_hidden()))"
    for table in BY_SERVICE_ID:
        more = hidden.format("id") if table == "signal" else ""
        more = hidden.format("signal_id") if table in OF_SIGNAL else more
        parts.append(row_security(table, "service_id", more))
    for table in LOGS:
        more = " AND (signal IS NULL OR NOT (signal IN (SELECT seinpost_hidden())))" if table != "chainhead" else ""
        parts.append(row_security(table, "service", more))
    parts += [append_only(table, "UPDATE OR DELETE") for table in ("caseevent", "viewlog")]
    parts += [
        append_only(table, "UPDATE") for table in ("textversion", "hit", "contribution", "attachment", "eventwords")
    ]
    for table in OF_SIGNAL:  # a row of a signal belongs to the signal's own service, whoever wrote it
        parts.append(
            f"ALTER TABLE store_{table} ADD CONSTRAINT {table}_of_service FOREIGN KEY (signal_id, service_id)"
            " REFERENCES store_signal (id, service_id);"
        )
    return "".join(parts)


class Migration(migrations.Migration):
    """Row security and the logs."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0001_initial")]
    operations: ClassVar[list[Any]] = [migrations.RunSQL(statements())]
