"""Statements that are put together once: their SQL is kept, and only the values change.

To put a query together again costs a page more than the database needs for the answer: of the page of a signal, twenty
queries long, a third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable

Row = TypeVar("Row")
Rows = Sequence[tuple[Any, ...]]
Reading = Callable[[Rows], list[Any]]
FAR = 0x5E1A_9057_0000_0000_0000_0000_0000_0000
STANDS_FOR: dict[type, Callable[[int], object]] = {
    UUID: lambda number: UUID(int=FAR + number),
    str: lambda number: f"\ue000{number}\ue000",
    datetime: lambda number: datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=number),
    list: lambda number: [UUID(int=FAR + number)],
}
"""By type of value: what no real value is, to find again where it stands among the parameters."""


class Among(Lookup):
    """One of the values of a list that is a single parameter, so that the SQL is the same for a list of any length."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The left side = ANY of the list."""
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s)", (*values, self.rhs)


Field.register_lookup(Among)
ForeignObject.register_lookup(Among)


@dataclass(frozen=True, slots=True)
class Given:
    """The place of a value by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """The SQL with its parameters, and how the rows of the answer are read."""

    sql: str
    parameters: tuple[Any, ...]
    read: Reading


class Statement(Generic[Row]):
    """A query with named values, put together at its first use.

    `make` gets something of each type for its name and makes the query: of whole models, `values` or `values_list`.
    Its shape may not depend on the values; a value that is nowhere in the SQL as it was given is a ValueError at the
    first use.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], **types: type) -> None:
        self._make, self._types = make, types
        self._text: Text | None = None

    def __call__(self, **values: object) -> list[Row]:
        """The rows for these values, read now."""
        if values.keys() != self._types.keys():
            raise TypeError(f"a statement of {sorted(self._types)} was given {sorted(values)}")
        text = self._text
        if text is None:  # two threads may both put it together: the same
            text = self._text = put_together(self._make, self._types)
        given: list[Any] = [values[one.name] if isinstance(one, Given) else one for one in text.parameters]
        with connection.cursor() as cursor:
            cursor.execute(text.sql, given)
            return cast(list[Row], text.read(cursor.fetchall()))

    def first(self, **values: object) -> Row | None:
        """The first row, None where there is none."""
        return next(iter(self(**values)), None)


def put_together(make: Callable[..., QuerySet[Any, Any]], types: dict[str, type]) -> Text:
    """The text of a query with a place for each named value."""
    standing = {name: STANDS_FOR[kind](number) for number, (name, kind) in enumerate(types.items())}
    query = make(**standing)
    compiler = query.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    placed = tuple(place_of(one, standing) for one in parameters)
    lost = standing.keys() - {one.name for one in placed if isinstance(one, Given)}
    if lost:
        raise ValueError(f"no place in the statement for {sorted(lost)}: {sql}")
    return Text(sql, placed, reading(query, compiler))


def place_of(parameter: object, standing: dict[str, object]) -> object:
    """The name of the value that a parameter stands for, or the parameter itself, which is always the same."""
    for name, value in standing.items():
        if type(value) is type(parameter) and value == parameter:
            return Given(name)
    return parameter


def reading(query: QuerySet[Any, Any], compiler: Any) -> Reading:
    """How rows become what the query gives, as Django's own iterables do it."""
    converters = compiler.get_converters([one[0] for one in compiler.select])
    kind = query._iterable_class
    if kind is ModelIterable and not query.query.select_related:
        return lambda rows: list(models(converted(rows, converters), compiler))
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in converted(rows, converters)]
    if kind is ValuesIterable:
        names = list(query.query.selected or ())
        return lambda rows: [dict(zip(names, row, strict=True)) for row in converted(rows, converters)]
    if kind is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows, converters)]
    raise ValueError(f"a statement gives models by themselves, dictionaries, tuples or single values: {kind.__name__}")


def converted(rows: Rows, converters: dict[int, tuple[list[Callable[..., Any]], Any]]) -> Iterator[Sequence[Any]]:
    """The rows with what the database gives in another shape than the field has: JSON, for one."""
    if not converters:
        yield from rows
        return
    for row in rows:
        shaped = list(row)
        for at, (functions, expression) in converters.items():
            for function in functions:
                shaped[at] = function(shaped[at], expression, connection)
        yield shaped


def models(rows: Iterator[Sequence[Any]], compiler: Any) -> Iterator[Model]:
    """The rows as models."""
    model: type[Model] = compiler.klass_info["model"]
    names = [column[0].target.attname for column in compiler.select]
    for row in rows:
        yield model.from_db(DEFAULT_DB_ALIAS, names, row)
