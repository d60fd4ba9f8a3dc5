"""The Django app of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The addresses of machines, and the page that describes them."""

    name = "seinpost.api"
    label = "api"
    verbose_name = "Seinpost API"
