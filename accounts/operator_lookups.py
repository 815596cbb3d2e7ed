"""What the pages for operators show and search, and what their lists are narrowed by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import CharField, Field, JSONField, Model
from django.db.models.constants import LOOKUP_SEP

# Parts of names of columns whose content signs somebody in or opens something.
SECRET_COLUMNS = ("password", "sha256", "ciphertext", "token", "lease")
BY_VALUE = frozenset({"", "exact", "gt", "gte", "lt", "lte"})
BY_TEXT = frozenset({"contains", "icontains", "startswith", "istartswith"})
# Patterns of one's own and spans are not among them: a database gives up on a bad one.
COMPARISONS = BY_VALUE | BY_TEXT | {"in", "isnull"}
LARGEST_NUMBER = 2**63 - 1


def shown_of(options: Any) -> list[Field[Any, Any]]:
    return [
        column
        for column in options.concrete_fields
        if not any(part in column.name for part in SECRET_COLUMNS)
    ]


def words_of(columns: list[Field[Any, Any]]) -> list[str]:
    """The columns that are searched for text."""
    return [one.name for one in columns if isinstance(one, CharField) and not one.choices]


def passed_by(model: type[Model], lookup: str) -> tuple[list[Any], str]:
    """The columns and relations on the way of a lookup, and how it compares.

    `pk` is followed too: where a row belongs to another as a part of it, it leads there.
    """
    passed: list[Any] = []
    parts = lookup.split(LOOKUP_SEP)
    for part in parts:
        try:
            field: Any = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            break
        passed.append(field)
        if field.related_model is None:
            break
        model = field.related_model
    return passed, LOOKUP_SEP.join(parts[len(passed) :])


def compares(column: Any, comparison: str) -> bool:
    """JSON is compared by each database in its own way, or not at all."""
    return comparison in ({"isnull"} if isinstance(column, JSONField) else COMPARISONS)


def has_an_answer(column: Any, comparison: str, text: str) -> bool:
    if comparison == "in":
        return all(could_be(column, one) for one in text.split(","))
    return could_be(column, text) if comparison in BY_VALUE else "\0" not in text


def could_be(column: Any, text: str) -> bool:
    """Whether a row could hold this: databases fail at numbers and texts that are beyond them."""
    while column.remote_field is not None:
        column = column.target_field
    try:
        value = column.to_python(text)
        if isinstance(value, datetime):
            value.astimezone(UTC)
    except (ValidationError, ValueError, OverflowError):
        return False
    if isinstance(value, int):
        return -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    return "\0" not in text
