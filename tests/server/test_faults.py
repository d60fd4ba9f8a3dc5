"""What somebody sees when something is wrong: a page in their language, with what to do, and never a bare word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from tests.statics import collected
from tests.web.people import open_office

from seinpost.packs.procedure.terms import Role
from seinpost.server import urls as real

pytestmark = pytest.mark.usefixtures("db")
ORDERLY = "seinpost-theme"


def breaks(_request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise LookupError("zomaar")


def away(_request: HttpRequest) -> HttpResponse:
    """The database goes away in the middle."""
    raise OperationalError("terminating connection due to administrator command")


urlpatterns = [
    path("stuk/", breaks),
    path("api/stuk", breaks),
    path("weg/", away),
    path("api/weg", away),
    *real.urlpatterns,
]
handler400, handler403, handler404, handler500 = real.handler400, real.handler403, real.handler404, real.handler500


@pytest.fixture(scope="module", autouse=True)
def static_files() -> None:
    """The static files under their hashed names."""
    collected()


@pytest.fixture
def client() -> Iterator[Client]:
    """A browser on a server in which two addresses break."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False, headers={"host": "localhost"})


def test_a_page_that_is_not_there_says_so_and_keeps_the_menu_of_whoever_is_logged_in(client: Client) -> None:
    stranger = client.get("/nergens/")
    assert stranger.status_code == 404
    assert "Deze pagina is er niet" in stranger.content.decode()
    analyst = open_office().client(Role.ANALYST)
    for address in ("/nergens/", f"/signalen/{uuid4()}/"):
        page = analyst.get(address)
        assert page.status_code == 404
        assert "Deze pagina is er niet" in page.content.decode()
        assert 'href="/wachtrij/"' in page.content.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_fault_of_ours_has_a_number_that_stands_in_the_log(
    client: Client, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.cookies["django_language"] = language
    page = client.get("/stuk/")
    said = page.content.decode()
    assert page.status_code == 500
    assert ORDERLY in said
    assert {"nl": "Er ging iets mis", "en": "Something went wrong"}[language] in said
    number = re.search(r"<strong>([0-9a-f]{8})</strong>", said)
    assert number is not None
    assert f"fault {number[1]}" in caplog.text
    machine = client.get("/api/stuk")
    assert (machine.status_code, machine["Content-Type"]) == (500, "application/problem+json")
    assert machine.json()["detail"].removeprefix("fault ") in caplog.text
    assert "zomaar" not in said + machine.content.decode()


def test_a_database_that_is_away_is_told_with_when_to_try_again(client: Client) -> None:
    page = client.get("/weg/?a=1")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert 'href="/weg/?a=1"' in page.content.decode()
    assert 'href="/"' in client.post("/weg/").content.decode()
    machine = client.get("/api/weg", headers={"accept-language": "en"})
    assert (machine.status_code, machine["Retry-After"]) == (503, "5")
    assert machine.json()["title"].startswith("The database does not answer")


def test_a_form_without_its_token_is_refused_with_what_to_do() -> None:
    page = Client(enforce_csrf_checks=True, headers={"host": "localhost"}).post("/account/login/", {"login": "x"})
    assert page.status_code == 403
    assert "Het formulier is niet aangenomen" in page.content.decode()
