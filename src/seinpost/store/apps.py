"""The Django app of the store."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Rows, actions, queries and the two logs."""

    name = "seinpost.store"
    label = "store"
    verbose_name = "Seinpost"
