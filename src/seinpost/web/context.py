"""What every page has: who reads it, the menu, the language, light or dark, practice or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import Role
from seinpost.process.people import CHOSEN
from seinpost.store.acting import working_for
from seinpost.store.models import Person
from seinpost.store.queries.people import PLACE, RIGHTS, waiting_for
from seinpost.web.reader import Reader, passages_of, plan, reader_of

SCHEMES = ("light", "dark")
SIZES = ("normal", "large", "larger")
FOLLOWERS = {
    role.value
    for role in (Role.ANALYST, Role.WEIGHER, Role.DETECTIVE, Role.INTERVIEWER, Role.COORDINATOR, Role.TRAINEE)
}
COORDINATORS = {Role.COORDINATOR.value, Role.WEIGHER.value, Role.AUDITOR.value, Role.PRIVACY_OFFICER.value}
ANSWERERS = {Role.ADMINISTRATOR.value, Role.PRIVACY_OFFICER.value}
OVERSEERS = {Role.PRIVACY_OFFICER.value, Role.AUDITOR.value}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu."""

    url: str
    label: Any
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """The reader as the head of the page names them."""

    name: str
    service: str
    unit: str
    roles: str


ENTRIES = (
    ("today", _("Vandaag"), FOLLOWERS),
    ("queue", _("Wachtrij"), FOLLOWERS),
    ("filing", _("Melden"), FOLLOWERS),
    ("caseload", _("Werkvoorraad"), {Role.COORDINATOR.value, Role.WEIGHER.value}),
    ("guarantee", _("Waarborg"), COORDINATORS),
    ("drift", _("Drempel"), COORDINATORS),
    ("silence", _("Stille regels"), {Role.COORDINATOR.value, Role.WEIGHER.value}),
    ("view-log", _("Inzagelog"), OVERSEERS),
    ("glass", _("Noodtoegang"), {Role.PRIVACY_OFFICER.value}),
    ("people", _("Mensen"), {Role.ADMINISTRATOR.value}),
    ("rights", _("Rechten"), ANSWERERS | OVERSEERS),
    ("work", _("Taken van de server"), {Role.ADMINISTRATOR.value}),
)


@dataclass(frozen=True, slots=True)
class PurposeItem:
    """A purpose to work for, or none in particular."""

    code: str
    label: str
    chosen: bool


def purposes_told(given: set[str], reader: Reader) -> tuple[PurposeItem, ...]:
    """The purposes somebody can choose to work for; none where there is nothing to choose."""
    held = [one for one in CHOSEN if one.value in given]
    if len(held) < 2:
        return ()
    now = reader.acting.purpose if reader.acting.purpose in held else None
    names = plan().names["purpose"]
    told = tuple(PurposeItem(one.value, names[one.value].told(reader.language), one is now) for one in held)
    return (PurposeItem("", gettext("elk doel van mijn rechten"), now is None), *told)


def first_page(roles: set[str]) -> str:
    """The first page of somebody's menu; the page of the day for whoever has no menu at all."""
    return next((name for name, _label, shown in ENTRIES if roles & shown), "today")


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page; nothing about a person for somebody who is not logged in."""
    scheme, size = request.COOKIES.get("scheme", ""), request.COOKIES.get("size", "")
    shared: dict[str, Any] = {
        "scheme": scheme if scheme in SCHEMES else "",
        "size": size if size in SIZES else SIZES[0],
        "passages": passages_of(request),
        "person": None,
        "menu": (),
        "practice": False,
    }
    if not request.user.is_authenticated or not isinstance(request.user, Person):
        return shared
    reader = reader_of(request)
    person = reader.person
    with working_for(reader.acting):
        rights = RIGHTS(person=person.pk, now=reader.now)
        held = {role for role, _purposes in rights}
        counts = {"rights": waiting_for(reader.acting, reader.now)} if held & ANSWERERS else {}
        place = PLACE(person=person.pk)[0]
    told = [plan().names["role"][role].told(reader.language) for role in sorted(held)]
    who = Who(
        person.name,
        place[f"service__name_{reader.language}"],
        place[f"unit__name_{reader.language}"] or "",
        ", ".join(told).lower(),
    )
    here = request.resolver_match.view_name if request.resolver_match else ""
    menu = [
        MenuItem(reverse(name), label, here == name, counts.get(name, 0))
        for name, label, roles in ENTRIES
        if held & roles
    ]
    searches = bool(held & (FOLLOWERS | {Role.PRIVACY_OFFICER.value}))
    given = {purpose for _role, purposes in rights for purpose in purposes}
    shared["purposes"] = purposes_told(given, reader)
    shared["idle_seconds"] = settings.IDLE_SECONDS
    shared["to_answer"] = counts.get("rights", 0)
    return {**shared, "person": who, "menu": menu, "searches": searches, "practice": place["service__practice"]}
