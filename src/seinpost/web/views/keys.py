"""Keys of machines, for the administrator of a service: made, renewed, ended; each shown once, and counted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from seinpost.process.speech import say
from seinpost.store.acting import working_for
from seinpost.store.machines.keys import MadeKey, Scope, end_key, make_key, rotate_key
from seinpost.store.machines.read import KeyRow, keys_of
from seinpost.store.models import Unit
from seinpost.web.forms.keys import KeyForm, RotateForm
from seinpost.web.reader import Reader, for_people, plan
from seinpost.web.views.people import Asked, confirmed, dangerous, data_of, filled_in, managing, units_of

SOON = timedelta(days=30)


@require_GET
@for_people
def everything(request: HttpRequest) -> HttpResponse:
    """Every key of the service."""
    reader = managing(request)
    with working_for(reader.acting):
        rows = keys_of(reader.acting.service, reader.now)
    context = {"rows": rows, "now": reader.now, "soon": reader.now + SOON, "units": units_of(reader)}
    return render(request, "seinpost/keys/list.html", context)


@dangerous
def make(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Make a key; it is on the page that follows, and nowhere else."""
    form = KeyForm(data_of(request), units_of(reader), reader)
    refused: tuple[str, ...] = ()
    if form.is_valid():
        got = form.cleaned_data
        made = make_key(
            acting=reader.acting, unit=Unit.objects.get(pk=got["unit"]), source=got["source"], name=got["name"],
            scopes=frozenset((Scope.INTAKE_WRITE,)), ends=reader.now + form.period, now=reader.now,
            protection=form.protection,
        )  # fmt: skip
        if isinstance(made, MadeKey):
            return shown(request, made)
        refused = say(made, plan(), reader.language)
    return filled_in(request, form, refused, title=_("Sleutel maken"), back=reverse("keys"))


@dangerous
def renew(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Make a key in place of another, which goes on working for some days."""
    row = key_of(reader, key)
    form = RotateForm(data_of(request))
    refused: tuple[str, ...] = ()
    if form.is_valid():
        made = rotate_key(acting=reader.acting, key=key, overlap=form.period, now=reader.now)
        if made is None:
            raise Http404
        if isinstance(made, MadeKey):
            return shown(request, made)
        refused = say(made, plan(), reader.language)
    title = _("Sleutel %(name)s vernieuwen") % {"name": row.key.name}
    hint = _("Er komt een nieuwe sleutel voor dezelfde eenheid en bron, een jaar geldig.")
    return filled_in(request, form, refused, title=title, back=reverse("keys"), hint=hint)


@dangerous
def end(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """End a key now."""
    title = _("Sleutel %(name)s nu beëindigen") % {"name": key_of(reader, key).key.name}
    hint = _("Het systeem dat hem gebruikt kan meteen niets meer aanbieden. Dit is niet terug te draaien.")
    return confirmed(
        request, reader, Asked(title, reverse("keys"), hint, stop=True),
        lambda: end_key(acting=reader.acting, key=key, now=reader.now),
        lambda _done: messages.success(request, _("De sleutel werkt niet meer.")),
    )  # fmt: skip


def key_of(reader: Reader, key: UUID) -> KeyRow:
    """A key of the own service that still works; 404 for any other."""
    with working_for(reader.acting):
        rows = keys_of(reader.acting.service, reader.now)
    found = next((row for row in rows if row.key.pk == key and row.key.ends > reader.now), None)
    if found is None:
        raise Http404
    return found


def shown(request: HttpRequest, made: MadeKey) -> HttpResponse:
    """The page with the key itself, once."""
    return render(request, "seinpost/keys/made.html", {"made": made})
