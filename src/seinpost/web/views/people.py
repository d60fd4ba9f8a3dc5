"""People and rights, for the administrator of a service; what gives or takes a right asks to prove again who one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from seinpost.errors import SettingError
from seinpost.packs.procedure.terms import Purpose, Verb
from seinpost.process.policy import TRAINING
from seinpost.process.shapes import Refused
from seinpost.process.speech import say
from seinpost.store.acting import working_for
from seinpost.store.actions.people import make_person, record_training
from seinpost.store.actions.staff import (
    Left,
    end_role,
    end_sessions,
    grant_role,
    leave,
    lift_lock,
    reset_factor,
)
from seinpost.store.models import Person, Proposal, Unit
from seinpost.store.queries.people import Member, members, proposed, units
from seinpost.web.forms.base import put
from seinpost.web.forms.people import PersonForm, PlainForm, RightForm, TrainingForm
from seinpost.web.pages.people import access_of, member_row
from seinpost.web.proof import go_and_prove, proved_lately
from seinpost.web.reader import Reader, for_people, plan
from seinpost.web.rights.asked import rows_of
from seinpost.web.views.oversight import overseer

View = Callable[..., HttpResponse]


def managing(request: HttpRequest) -> Reader:
    """The administrator; 404 for everybody else."""
    return overseer(request, Verb.MANAGE_PEOPLE, (Purpose.MANAGEMENT,), "people").reader


def member_of(reader: Reader, key: UUID) -> Member:
    """Somebody of the own service; 404 for anybody else."""
    with working_for(reader.acting, reach="all"):
        found = members(reader.acting.service, key)
    if not found:
        raise Http404
    return found[0]


def dangerous(view: View) -> View:
    """Only for an administrator, who proved again just now who they are; to others the page does not exist."""

    @require_http_methods(["GET", "POST"])
    @for_people
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reader = managing(request)
        return view(request, reader, *args, **kwargs) if proved_lately(request) else go_and_prove(request)

    guarded.asks_proof = True  # type: ignore[attr-defined]  # a test holds the table of `web/proof.py` against it
    return guarded


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks that takes no more than a yes; `back` is where it leads then."""

    title: str
    back: str
    hint: str = ""
    stop: bool = False


Did = TypeVar("Did")


def confirmed(
    request: HttpRequest, reader: Reader, asked: Asked, do: Callable[[], Did | Refused], tell: Callable[[Did], None]
) -> HttpResponse:
    """Ask; on yes do it, tell what was done and go back, or ask again with why it is refused."""
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        done = do()
        if not isinstance(done, Refused):
            tell(done)
            return redirect(asked.back)
        refused = say(done, plan(), reader.language)
    form, stop = PlainForm(), asked.stop
    return filled_in(request, form, refused, title=asked.title, back=asked.back, hint=asked.hint, stop=stop)


@require_GET
@for_people
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody of the service."""
    reader = managing(request)
    with working_for(reader.acting, reach="all"):
        found = members(reader.acting.service)
    known = units_of(reader)
    rows = [member_row(member, reader, known) for member in found]
    return render(request, "seinpost/people/list.html", {"rows": rows, "here": sum(row.here for row in rows)})


@require_GET
@for_people
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody with every right they have and had."""
    reader = managing(request)
    member = member_of(reader, key)
    with working_for(reader.acting, reach="all"):
        asked = rows_of(proposed(reader.acting.service, reader.now, person=key), reader)
    row = member_row(member, reader, units_of(reader))
    context = {"row": row, "access": access_of(member.person, reader.now), "asked": asked}
    return render(request, "seinpost/people/person.html", context)


@dangerous
def make(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Make somebody; the invitation is shown once, works once, and is kept nowhere."""
    form = PersonForm(data_of(request), units_of(reader))
    refused: tuple[str, ...] = ()
    if form.is_valid():
        got = form.cleaned_data
        unit = Unit.objects.select_related("service").get(pk=got["unit"])
        try:
            made = make_person(
                acting=reader.acting,
                login=got["login"],
                name=got["name"],
                email=got["email"],
                unit=unit,
                now=reader.now,
            )
        except SettingError:
            form.add_error("login", _("Deze inlognaam is al in gebruik."))
        else:
            if not isinstance(made, Refused):
                return render(
                    request, "seinpost/people/invited.html", {"made": made, "link": invitation(request, made)}
                )
            refused = put(form, made, plan(), reader.language)
    return filled_in(request, form, refused, title=_("Iemand toevoegen"), back=reverse("people"))


def invitation(request: HttpRequest, person: Person) -> str:
    """An address at which somebody chooses their own password; it stops working once they did, and after some days."""
    token = default_token_generator.make_token(person)
    names = {"uidb36": user_pk_to_url_str(person), "key": token}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=names))


@dangerous
def give(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Give somebody else a right."""
    member = member_of(reader, key)
    form = RightForm(data_of(request), units_of(reader), reader)
    refused: tuple[str, ...] = ()
    if form.is_valid():
        person = member.person
        done = grant_role(
            acting=reader.acting, person=person, right=form.right(), now=reader.now, plan=plan(),
            words=form.cleaned_data["words"], by_mail=bool(settings.ENVIRONMENT.mail),
        )  # fmt: skip
        if not isinstance(done, Refused):
            told = _("Voorgesteld: het recht geldt zodra een tweede persoon instemt.")
            given = _("Het recht geldt nu: het valt binnen een recht dat er al is.")
            messages.success(request, told if isinstance(done, Proposal) else given)
            return redirect("person", key)
        refused = put(form, done, plan(), reader.language)
    title = _("Recht geven aan %(name)s") % {"name": member.person.name}
    hint = _(
        "U stelt het voor; een tweede persoon stemt in. Wat binnen een recht valt dat er al is, geldt meteen. Wilt u"
        " inperken? Geef het kleinere recht en beëindig daarna het grotere."
    )
    return filled_in(request, form, refused, title=title, back=reverse("person", args=[key]), hint=hint)


@dangerous
def end(request: HttpRequest, reader: Reader, key: UUID, grant: int) -> HttpResponse:
    """End a right now."""
    member = member_of(reader, key)
    if not any(found.pk == grant for found in member.grants):
        raise Http404
    title = _("Recht van %(name)s nu beëindigen") % {"name": member.person.name}
    return confirmed(
        request, reader, Asked(title, reverse("person", args=[key]), stop=True),
        lambda: end_role(acting=reader.acting, person=member.person, grant=grant, now=reader.now),
        lambda _done: messages.success(request, _("Het recht is beëindigd.")),
    )  # fmt: skip


@dangerous
def train(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Record until when somebody's training on signals counts."""
    member = member_of(reader, key)
    form = TrainingForm(data_of(request))
    refused: tuple[str, ...] = ()
    if form.is_valid():
        done = record_training(
            acting=reader.acting, person=member.person, code=TRAINING, until=form.first_day_after(), now=reader.now
        )
        if not isinstance(done, Refused):
            messages.success(request, _("De training is vastgelegd."))
            return redirect("person", key)
        refused = put(form, done, plan(), reader.language)
    title = _("Training van %(name)s") % {"name": member.person.name}
    return filled_in(request, form, refused, title=title, back=reverse("person", args=[key]))


@dangerous
def let_go(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Let somebody leave: no login, no rights, their signals back to the queue of the unit."""
    person = member_of(reader, key).person
    title = _("%(name)s laten vertrekken") % {"name": person.name}
    hint = _(
        "Inloggen kan niet meer, alle rechten eindigen nu, en open signalen gaan terug naar de wachtrij van het team."
    )
    return confirmed(
        request, reader, Asked(title, reverse("person", args=[key]), hint, stop=True),
        lambda: leave(acting=reader.acting, person=person, now=reader.now, plan=plan()),
        lambda left: tell_left(request, left, person.name),
    )  # fmt: skip


def tell_left(request: HttpRequest, left: Left, name: str) -> None:
    """Say what became of the signals of somebody who left."""
    count = len(left.returned)
    back = ngettext("%(n)s signaal ging terug", "%(n)s signalen gingen terug", count) % {"n": count}
    messages.success(request, _("%(name)s is vertrokken; %(back)s naar de wachtrij.") % {"name": name, "back": back})
    if left.stayed:
        stay = _("Nog niet terug naar de wachtrij: %(n)s. Dat gebeurt vannacht alsnog; zie Waarborg.")
        messages.warning(request, stay % {"n": len(left.stayed)})


@dangerous
def reset(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Take somebody's second factors away, so that they can set up a new one; they are told."""
    person = member_of(reader, key).person
    title = _("Tweede factor van %(name)s wissen") % {"name": person.name}
    hint = _("Stel eerst vast dat u met deze persoon zelf spreekt. Alle sessies eindigen, en men krijgt bericht.")
    by_mail = bool(settings.ENVIRONMENT.mail) and settings.ENVIRONMENT.may_mail_to(person.email)

    def tell(_gone: int) -> None:
        messages.success(request, _("De tweede factor is gewist. Bij het volgende inloggen stelt men een nieuwe in."))
        if not by_mail:
            said = _("Er gaat geen mail: vertel het zelf. Bij het inloggen staat het er ook.")
            messages.warning(request, said)

    asked = Asked(title, reverse("person", args=[key]), hint, stop=True)
    now = reader.now
    return confirmed(
        request,
        reader,
        asked,
        lambda: reset_factor(acting=reader.acting, person=person, now=now, by_mail=by_mail),
        tell,
    )


@dangerous
def end_all(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """End every session of somebody."""
    person = member_of(reader, key).person

    def tell(ended: int) -> None:
        said = ngettext("%(n)s sessie is beëindigd.", "%(n)s sessies zijn beëindigd.", ended) % {"n": ended}
        messages.success(request, said)

    title = _("Alle sessies van %(name)s beëindigen") % {"name": person.name}
    hint = _("Wat niet verstuurd was, is weg; inloggen kan meteen weer.")
    asked = Asked(title, reverse("person", args=[key]), hint, stop=True)
    return confirmed(
        request, reader, asked, lambda: end_sessions(acting=reader.acting, person=person, now=reader.now), tell
    )


@dangerous
def unlock(request: HttpRequest, reader: Reader, key: UUID) -> HttpResponse:
    """Lift the lock on somebody's login after wrong passwords."""
    person = member_of(reader, key).person
    title = _("Slot van %(name)s opheffen") % {"name": person.name}
    hint = _(
        "Vraag eerst of deze persoon zelf een verkeerd wachtwoord typte. Zo niet, dan probeerde iemand anders het."
    )
    return confirmed(
        request, reader, Asked(title, reverse("person", args=[key]), hint),
        lambda: lift_lock(acting=reader.acting, person=person, now=reader.now),
        lambda _done: messages.success(request, _("Het slot is eraf: inloggen kan weer.")),
    )  # fmt: skip


def data_of(request: HttpRequest) -> Any:
    """What was sent, None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def units_of(reader: Reader) -> dict[str, str]:
    """The units of the service, as choices."""
    with working_for(reader.acting):
        return units(reader.acting.service, reader.language)


def filled_in(
    request: HttpRequest, form: PlainForm, refused: tuple[str, ...], *, title: str, back: str, **more: Any
) -> HttpResponse:
    """The page of a form; 422 when the rules say no."""
    context = {"form": form, "refused": refused, "title": title, "back": back, **more}
    return render(request, "seinpost/people/form.html", context, status=422 if refused or form.errors else 200)
