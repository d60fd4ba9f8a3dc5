"""A statement that is put together once gives what its query gives, for any values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import QuerySet
from tests.store.signals import filed
from tests.store.world import NOW, World, make_world

from seinpost.packs.procedure.terms import Role
from seinpost.store.acting import working_for
from seinpost.store.models import Person, Signal, TextVersion
from seinpost.store.statement import Statement

Make = Callable[..., QuerySet[Signal, Any]]


@pytest.fixture
def world(db: str) -> World:
    world = make_world(("politie",))
    for _ in range(3):
        filed("politie")
    return world


@pytest.mark.parametrize(
    "make",
    [
        lambda keys: Signal.objects.filter(pk__among=keys).order_by("number"),
        lambda keys: Signal.objects.filter(pk__among=keys).order_by("number").values("details", "unit__name_nl"),
        lambda keys: Signal.objects.filter(pk__among=keys).order_by("number").values_list("details", "received_at"),
        lambda keys: Signal.objects.filter(pk__among=keys).order_by("number").values_list("details", flat=True),
    ],
)
def test_it_gives_what_the_query_gives_for_a_list_of_any_length(world: World, make: Make) -> None:
    statement = Statement(make, keys=list)
    with working_for(world.acting(Role.COORDINATOR)):
        every = list(Signal.objects.order_by("number").values_list("pk", flat=True))
        for keys in (every, every[1:2], [], [uuid4()], [*every, uuid4()]):
            assert statement(keys=keys) == list(make(keys))
        first = statement.first(keys=every)
        assert first == make(every)[0]
        assert statement.first(keys=[]) is None


def test_values_of_every_type_find_their_place_and_models_can_be_changed_and_saved(world: World) -> None:
    statement = Statement(
        lambda key, unit, since, texts: Signal.objects.filter(
            pk=key, unit=unit, received_at__gte=since, textversion__text__among=texts
        ),
        **{"key": UUID, "unit": str, "since": datetime, "texts": list},
    )
    with working_for(world.acting(Role.COORDINATOR)):
        text = TextVersion.objects.all()[0]
        asked: dict[str, Any] = {"key": text.signal_id, "unit": "politie-team", "since": NOW - timedelta(days=999)}
        assert [row.pk for row in statement(**asked, texts=["x", text.text])] == [text.signal_id]
        assert statement(**asked, texts=["x"]) == []
        assert statement(**{**asked, "since": NOW + timedelta(days=999)}, texts=[text.text]) == []
        assert statement(**{**asked, "unit": "nla-team"}, texts=[text.text]) == []
    person = Statement(lambda key: Person.objects.filter(pk=key), key=UUID)(
        key=world.people["politie", Role.ANALYST].pk
    )
    person[0].name = "Een ander"
    person[0].save(update_fields=["name"])
    assert Person.objects.get(pk=person[0].pk).name == "Een ander"


def test_what_cannot_be_put_together_once_is_told(world: World) -> None:
    with pytest.raises(TypeError, match=r"a statement of \['key'\] was given \['keys'\]"):
        Statement(lambda key: Person.objects.filter(pk=key), key=UUID)(keys=[])
    with pytest.raises(ValueError, match=r"no place in the statement for \['key'\]"):
        Statement(lambda key: Person.objects.all(), key=UUID)(key=uuid4())
    with pytest.raises(ValueError, match="models by themselves"):
        Statement(lambda key: Signal.objects.select_related("unit").filter(pk=key), key=UUID)(key=uuid4())
