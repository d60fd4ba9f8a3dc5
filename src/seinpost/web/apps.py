"""The Django app of the workbench."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, templates, static files."""

    name = "seinpost.web"
    label = "web"
    verbose_name = "Seinpost"
