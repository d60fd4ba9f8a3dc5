"""The lock-out after wrong passwords: by name, whether or not somebody has that name, and told alike to both."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from seinpost.store.actions.staff import record_lock


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The login name that is tried, in capitals: names are compared without regard to case, so a lock must be too."""
    told = credentials or {}
    name = told.get("username") or told.get("login") or request.POST.get("login") or ""
    return str(name).upper()[:150]


def locked_out(request: HttpRequest, *_more: Any) -> HttpResponse:
    """The page of the lock; the same for a name that nobody has."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "seinpost/account/locked.html", {"minutes": minutes}, status=429)


@receiver(user_locked_out, dispatch_uid="seinpost-lock-is-recorded")
def record(request: HttpRequest, username: str, **_more: Any) -> None:
    """Record a lock when it falls, once: not every attempt while it lasts."""
    if request.axes_failures_since_start == settings.AXES_FAILURE_LIMIT:  # type: ignore[attr-defined]
        record_lock(login=username, now=timezone.now())
