"""Keys on the administrator's page: made and shown once, renewed with an overlap, ended; nothing of another service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.rights.matrix import PASSWORD, can_prove_who_they_are
from tests.store.world import World, make_world
from tests.web.people import browser

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import as_system
from seinpost.store.machines.keys import Admitted, Limit, MadeKey, Scope, TurnedAway, admit, make_key
from seinpost.store.models import ApiKey, CaseEvent, Unit

SECRET = re.compile(r'value="(seinpost_[^"]+)"')


@pytest.fixture
def world(db: str) -> World:
    return make_world()


@pytest.fixture
def administrator(world: World) -> Client:
    """An administrator who proved just now who they are."""
    person = world.people["politie", Role.ADMINISTRATOR]
    can_prove_who_they_are(person)
    client = browser(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def works(secret: str) -> bool:
    found = admit(secret=secret, scope=Scope.INTAKE_WRITE, limit=Limit(500), now=datetime.now(UTC))
    assert isinstance(found, Admitted | TurnedAway)
    return isinstance(found, Admitted)


def test_a_key_is_made_shown_once_renewed_and_ended(administrator: Client) -> None:
    asked = {"name": "BVH-uitvoer", "source": "bvh", "days": "30", "unit": "politie-team"}
    [first] = SECRET.findall(administrator.post(reverse("key-new"), asked).content.decode())
    assert works(first)
    key = ApiKey.objects.using("owner").get()
    assert (key.ends - key.made_at).days == 30
    page = administrator.get(reverse("keys")).content.decode()
    assert "BVH-uitvoer" in page
    assert first not in page
    renewed = administrator.post(reverse("key-renew", args=[key.pk]), {"overlap": "0"})
    [second] = SECRET.findall(renewed.content.decode())
    assert (works(first), works(second)) == (False, True)
    page = administrator.get(reverse("keys")).content.decode()
    assert "1 afgewezen" in page
    newer = ApiKey.objects.using("owner").exclude(pk=key.pk).get()
    assert administrator.get(reverse("key-end", args=[newer.pk])).status_code == 200
    assert works(second)
    assert administrator.post(reverse("key-end", args=[newer.pk])).status_code == 302
    assert not works(second)
    for name in ("key-renew", "key-end"):  # what has ended is over
        assert administrator.get(reverse(name, args=[newer.pk])).status_code == 404
    kinds = (
        CaseEvent.objects.using("owner").filter(kind__startswith="key").order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["key-made", "key-made", "key-ended", "key-ended"]


def test_a_key_can_say_that_its_source_is_protected_and_the_list_shows_it(administrator: Client) -> None:
    asked = {"name": "Lijn", "source": "lijn", "days": "30", "unit": "politie-team"}
    for more in ({"identifies": "melder"}, {"protected": "geheim"}):
        assert 'id="fouten"' in administrator.post(reverse("key-new"), {**asked, **more}).content.decode(), more
    wanted = {**asked, "protected": "anonymous-line", "identifies": "melder, nummer"}
    assert SECRET.findall(administrator.post(reverse("key-new"), wanted).content.decode())
    key = ApiKey.objects.using("owner").get()
    assert (key.compartment, key.identifies) == ("anonymous-line", ["melder", "nummer"])
    assert "beschermde bron" in administrator.get(reverse("keys")).content.decode()
    administrator.post(reverse("key-renew", args=[key.pk]), {"overlap": "0"})
    assert list(ApiKey.objects.using("owner").values_list("compartment", flat=True)) == ["anonymous-line"] * 2


def test_a_key_that_makes_no_sense_is_not_made(administrator: Client) -> None:
    good = {"name": "x", "source": "bvh", "days": "30", "unit": "politie-team"}
    wrong = {
        "name": ["", "x" * 121, "a\0"],
        "source": ["", "BVH", "melding", "a b"],
        "days": ["0", "366", "x", "9" * 40],
    }
    for field, values in (wrong | {"unit": ["nla-team", ""]}).items():
        for value in values:
            answer = administrator.post(reverse("key-new"), {**good, field: value})
            assert (answer.status_code, 'id="fouten"' in answer.content.decode()) == (422, True), (field, value)
    assert not ApiKey.objects.using("owner").exists()


def test_a_key_of_another_service_does_not_exist(administrator: Client) -> None:
    now = datetime.now(UTC)
    theirs = make_key(
        acting=as_system("nla"), unit=Unit.objects.get(pk="nla-team"), source="bvh", name="zwnla",
        scopes=frozenset((Scope.INTAKE_WRITE,)), ends=now + timedelta(days=9), now=now,
    )  # fmt: skip
    assert isinstance(theirs, MadeKey)
    assert "zwnla" not in administrator.get(reverse("keys")).content.decode()
    for name in ("key-renew", "key-end"):
        for ask in (administrator.get, administrator.post):
            assert ask(reverse(name, args=[theirs.key.pk]), {"overlap": "0"}).status_code == 404
