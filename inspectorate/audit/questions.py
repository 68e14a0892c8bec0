"""What nearly every request asks of the database: put into its language once a process, then asked with other values.

Django writes the SQL of a query anew each time, which takes more of the processor than anything else that is needed to
keep a change of a case (Manual 6.1b). A question is the same query, written by the same code, kept with places for what
differs. So that nothing of one person can ever stay in what another is answered, it is a function of a module that
is given all that differs by name and reads nothing else: no request, no clock, no variable of another function.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from inspectorate.audit import prepared

Row = TypeVar("Row")
# Numbers, words, ids and instants, and lists of them, differ from one asking to the next. Everything else (yes or no,
# None, tuples) is part of the question's form, of which each is written once.
KINDS = (int, str, UUID, datetime)
FIRST = 7_000_000_000_000_000_001


class NotAsked(TypeError):
    """A question was written in a way in which it cannot be kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands among the parameters, and how this database wants it."""

    at: int
    name: str
    adapt: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A question in the language of the database."""

    rows: Any
    compiler: Any
    converters: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[Place, ...]


class Question(Generic[Row]):
    """A function that answers with a queryset, of which the SQL is kept. Called with names and values it answers with
    the rows, as a list."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        if make.__closure__ or "<locals>" in make.__qualname__:
            raise NotAsked(f"{make.__qualname__} may read nothing but what it is given: write it in the module itself.")
        self.make, self._kept = make, dict[Any, Kept]()

    def __call__(self, **given: Any) -> list[Row]:
        values = dict(_values(given))
        form = tuple((name, value) for name, value in given.items() if not _differs(value))
        key = form, tuple((name, type(value)) for name, value in values.items())
        kept = self._kept.get(key)
        if kept is None:
            try:
                kept = self._kept[key] = self._written(given, values)
            except EmptyResultSet:
                if any(value == [] for value in given.values()):
                    return []
                raise
        parameters = list(kept.parameters)
        for place in kept.places:
            parameters[place.at] = place.adapt(values[place.name])
        return _asked(kept, tuple(parameters))

    def first(self, **given: Any) -> Row | None:
        """The first row, or None."""
        found = self(**given)
        return found[0] if found else None

    def _written(self, given: dict[str, Any], values: dict[str, Any]) -> Kept:
        stands = {name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())}
        rows: Any = self.make(**{name: _put(name, value, stands) for name, value in given.items()})
        if rows._prefetch_related_lookups or rows._known_related_objects:
            raise NotAsked(f"{self.make.__qualname__} reads more than one query: prefetch nothing, begin with a model.")
        connection = connections[DEFAULT_DB_ALIAS]
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, found = compiler.as_sql()
        parameters = list(found)
        for stand_in in stands.values():  # the row from which on to answer is no parameter for Django
            if isinstance(stand_in, int) and sql.endswith(f" OFFSET {stand_in}"):
                sql, parameters = f"{sql.removesuffix(str(stand_in))}%s", [*parameters, stand_in]
        places = tuple(_places(parameters, stands, connection))
        if missing := set(stands) - {place.name for place in places}:
            raise NotAsked(f"{self.make.__qualname__} makes something else of {', '.join(sorted(missing))}.")
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        return Kept(rows, compiler, converters, sql, tuple(parameters), places)


def _differs(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, KINDS) and not isinstance(value, bool))


def _values(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every value that differs by a name of its own, those of lists numbered."""
    for name, value in given.items():
        if isinstance(value, list):
            yield from ((f"{name} {number}", one) for number, one in enumerate(value))
        elif _differs(value):
            yield name, value


def _put(name: str, value: Any, stands: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [stands[f"{name} {number}"] for number in range(len(value))]
    return stands.get(name, value)


def _stand_in(number: int, value: Any) -> Any:
    """A value of the same kind that stands nowhere else."""
    if isinstance(value, str):
        return f"stands in for {FIRST + number}"
    if isinstance(value, UUID):
        return UUID(int=FIRST + number)
    return datetime(1, 1, 1, 1, 1, 1, number + 1, UTC) if isinstance(value, datetime) else FIRST + number


def _places(parameters: list[Any], stands: dict[str, Any], connection: Any) -> Iterator[Place]:
    for at, parameter in enumerate(parameters):
        for name, stand_in in stands.items():
            adapt = _adapter(stand_in, parameter, connection)
            if adapt and adapt(stand_in) == parameter:
                yield Place(at, name, adapt)


def _adapter(stand_in: Any, parameter: Any, connection: Any) -> Callable[[Any], Any] | None:
    """How the database wants values of this kind, if the parameter may be one."""
    if isinstance(stand_in, datetime):
        adapt: Callable[[Any], Any] = connection.ops.adapt_datetimefield_value
        return adapt
    if isinstance(stand_in, UUID):
        return _in_hexadecimal if isinstance(parameter, str) else _as_it_is
    if isinstance(stand_in, int):  # psycopg has a kind of number for each width of column
        return type(parameter) if isinstance(parameter, int) and not isinstance(parameter, bool) else None
    return _as_it_is


def _in_hexadecimal(value: UUID) -> str:
    return value.hex


def _as_it_is(value: Any) -> Any:
    return value


def _asked(kept: Kept, parameters: tuple[Any, ...]) -> list[Any]:
    compiler = copy.copy(kept.compiler)
    compiler.connection = connections[DEFAULT_DB_ALIAS]
    compiler.execute_sql = lambda *_, **__: [_answered(compiler, kept.sql, parameters)]
    compiler.get_converters = lambda _: kept.converters
    rows = kept.rows
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    asked = SimpleNamespace(
        db=DEFAULT_DB_ALIAS, model=rows.model, query=query, _fields=rows._fields or _names(rows),
        _known_related_objects={},
    )  # fmt: skip
    return list(rows._iterable_class(asked))


def _answered(compiler: Any, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    with prepared.cursor(compiler.connection) as cursor:
        cursor.execute(sql, parameters)
        found: list[Any] = cursor.fetchall()
    return [row[: compiler.col_count] for row in found] if compiler.has_extra_select else found


def _names(rows: Any) -> tuple[str, ...]:
    return (*rows.query.values_select, *rows.query.annotation_select)
