"""Cursors: where a page ended, told by the values its list is ordered by.

Values and no count: the database goes straight to the place instead of stepping over all rows
before it, and a row that comes or goes meanwhile moves nothing out of the next page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, Field, Model, Q, QuerySet

from accounts.errors import Invalid

LONGEST = 4000
Column = tuple[str, bool]


class Order:
    """The columns of a list that ends with the id: one place for every row."""

    def __init__(self, model: type[Model], columns: Sequence[Column]) -> None:
        self._model = model
        self._columns = columns

    def cursor(self, row: Model) -> str:
        values = [_text(_value(row, path)) for path, _ in self._columns]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

    def after(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        """The rows behind `cursor`; Invalid when it belongs to no list ordered like this."""
        values = self._read(cursor)
        behind, same = Q(), Q()
        for (path, is_backward), value in zip(self._columns, values, strict=True):
            behind |= same & Q(**{f"{path}__{'lt' if is_backward else 'gt'}": value})
            same &= Q(**{path: value})
        first, is_backward = self._columns[0]
        # Said apart, as no database finds an index in an OR.
        border = {f"{first}__{'lte' if is_backward else 'gte'}": values[0]}
        return rows.filter(behind, **(border if len(values) > 1 else {}))

    def _read(self, cursor: str) -> list[Any]:
        try:
            if len(cursor) > LONGEST:
                raise ValueError(cursor[:20])
            texts = json.loads(base64.b64decode(cursor.encode("ascii"), b"-_", validate=True))
            if not isinstance(texts, list) or len(texts) != len(self._columns):
                raise ValueError(texts)
            return [
                _read(_field(self._model, path), text)
                for (path, _), text in zip(self._columns, texts, strict=True)
            ]
        except (ValueError, OverflowError, RecursionError, ValidationError) as error:
            raise Invalid("cursor", "This cursor was not made here.") from error


def order_of(rows: QuerySet[Any]) -> Order | None:
    """None for a list whose order does not tell each row's place: such pages are counted."""
    if rows.query.is_sliced or rows.query.distinct:
        return None
    columns = [_column(by) for by in rows.query.order_by]
    if not columns or None in columns:
        return None
    known = [column for column in columns if column is not None]
    if known[-1][0] != "pk" or not all(_is_plain(rows.model, path) for path, _ in known):
        return None
    return Order(rows.model, known)


def _column(by: Any) -> Column | None:
    return (by.lstrip("-"), by.startswith("-")) if isinstance(by, str) else None


def _is_plain(model: type[Model], path: str) -> bool:
    """A column of the row or of one it belongs to that is never empty."""
    try:
        return not _field(model, path).null
    except (FieldDoesNotExist, AttributeError):
        return False


def _field(model: type[Model], path: str) -> Field[Any, Any]:
    *steps, last = path.split("__")
    for step in steps:
        related: Any = model._meta.get_field(step).related_model
        model = related
    found: Any = model._meta.pk if last == "pk" else model._meta.get_field(last)
    return found  # type: ignore[no-any-return]


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _text(value: Any) -> int | str:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _read(field: Field[Any, Any], text: Any) -> Any:
    """ValueError, OverflowError or ValidationError for what such a column cannot hold."""
    if not isinstance(text, int | str) or isinstance(text, bool):
        raise ValueError(text)
    if isinstance(text, str):
        text.encode()
        if "\0" in text:
            raise ValueError(text)
    if isinstance(field, DateTimeField):
        return _instant(field.to_python(str(text)))
    return field.to_python(text)


def _instant(found: datetime) -> datetime:
    """In UTC, as the database is asked."""
    if found.tzinfo is None:
        raise ValueError(found)
    return found.astimezone(UTC)
