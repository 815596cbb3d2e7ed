"""What the SDK's searches may ask for: fields by name, and the columns their values are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Q, TextField, Transform
from django.db.models.sql.compiler import SQLCompiler
from django.utils.dateparse import parse_datetime

from accounts.errors import Invalid
from accounts.names import composed
from registries.models import REGISTRY_PROJECT_PREFIX

ORDERING = {"gt", "gte", "lt", "lte"}


@CharField.register_lookup
@TextField.register_lookup
class ByCodePoints(Transform):
    """`name__by_code_points__gt=…` is the same on both databases and in every locale."""

    lookup_name = "by_code_points"
    template = "%(expressions)s"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"')


def _text(value: Any) -> str | None:
    """Null is what a description may be; a number in the place of text is not a mistake."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise Invalid("filter_value", "Text is compared with text, not with a list or an object.")
    return str(value)


def _name(value: Any) -> str | None:
    """As names and aliases are kept, in whatever form of Unicode it comes."""
    text = _text(value)
    return composed(text) if text is not None else None


def _number(value: Any) -> int:
    """`v3`, `3` or 3."""
    text = str(value).removeprefix("v")
    if not text.removeprefix("-").isdecimal() or len(text) > 18:
        raise Invalid("filter_value", f"“{text[:100]}” is not a number.")
    return int(text)


def _time(value: Any) -> datetime:
    """In UTC where it names no zone."""
    try:
        found = parse_datetime(str(value))
        if found is not None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    raise Invalid("filter_value", f"“{str(value)[:100]}” is not a time in ISO 8601.")


def _without_prefix(value: Any) -> str | None:
    text = _name(value)
    return text.removeprefix(REGISTRY_PROJECT_PREFIX) if text is not None else None


def _flag(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise Invalid("filter_value", f"“{str(value)[:100]}” is neither true nor false.")


def _of_json(value: Any) -> Any:
    """Whatever JSON can hold, as long as both databases compare with it."""
    if isinstance(value, int | float) and abs(value) >= 2**63:
        raise Invalid("filter_value", "A number in a filter is below 2⁶³.")
    return value


@dataclass(frozen=True)
class Column:
    """`path` from the row that is searched; `convert` brings a filter's value to the column's.

    `keys` lead to a place in the column's JSON.
    """

    path: str
    convert: Callable[[Any], Any] = _text
    many: bool = False
    keys: Sequence[str] = ()

    @property
    def is_json(self) -> bool:
        return self.convert is _of_json

    @property
    def is_text(self) -> bool:
        return self.convert not in {_number, _time, _flag}

    def condition(self, lookup: str, given: Any) -> Q:
        """`lookup` as Django calls it; among the values of `in` None stands for nothing there."""
        if lookup in ORDERING and self.is_text:
            return Q(**{f"{self.path}__{ByCodePoints.lookup_name}__{lookup}": given})
        found = Q(**{f"{self.path}__{lookup}": given})
        if lookup == "in" and None in given:
            found |= Q(**{f"{self.path}__isnull": True})
        return found


FIELDS_OF_REGISTRIES: Mapping[str, Column] = {
    "id": Column("project", _number),
    "name": Column("name", _without_prefix),
    "entity_id": Column("project__entity", _number),
    "description": Column("project__description"),
    "created_at": Column("project__created_at", _time),
    "updated_at": Column("changed_at", _time),
}
FIELDS_OF_COLLECTIONS: Mapping[str, Column] = {
    "artifact_collection_id": Column("pk", _number),
    "id": Column("pk", _number),
    "name": Column("name", _name),
    "type": Column("type"),
    "tag": Column("tags__name", many=True),
    "description": Column("description"),
    "created_at": Column("created_at", _time),
    "updated_at": Column("changed_at", _time),
}
FIELDS_OF_VERSIONS: Mapping[str, Column] = {
    "id": Column("pk", _number),
    "version": Column("number", _number),
    "tag": Column("artifact__tags__name", many=True),
    "alias": Column("aliases__name", _name, many=True),
    "metadata": Column("artifact__metadata", _of_json),
    "created_at": Column("linked_at", _time),
    "updated_at": Column("linked_at", _time),
    "state": Column("artifact__state"),
}
FIELDS_OF_RUNS: Mapping[str, Column] = {
    "name": Column("name"),
    "display_name": Column("display_name"),
    "displayName": Column("display_name"),
    "state": Column("state"),
    "tags": Column("tags__name", many=True),
    "notes": Column("notes"),
    "group": Column("group"),
    "job_type": Column("job_type"),
    "jobType": Column("job_type"),
    "username": Column("created_by__username"),
    "created_at": Column("created_at", _time),
    "createdAt": Column("created_at", _time),
    "config": Column("config", _of_json),
    "summary_metrics": Column("summary", _of_json),
}
FIELDS_OF_AUTOMATIONS: Mapping[str, Column] = {
    "name": Column("name"),
    "enabled": Column("enabled", _flag),
}
