"""The migrations make exactly what the models say, in one line without branches."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader


def test_no_migration_is_missing(db: str) -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "store", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_the_migrations_of_the_store_are_one_line(db: str) -> None:
    loader = MigrationLoader(connections["owner"])
    assert len(loader.graph.leaf_nodes(apps.get_app_config("store").label)) == 1
