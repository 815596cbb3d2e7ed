"""The history as a file, row by row: as much of it as the page shows, in the same filter."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from registries.models import SOURCE_PROJECT, Event
from registries.queries.history import HistoryRow, readable
from registries.queries.history_filter import HistoryFilter

READ_FIRST = 100
READ_AT_ONCE = 2_000
HIGHEST_ID = 2**63 - 1
COLUMNS = (
    "id",
    "at",
    "who",
    "way",
    "kind",
    "registry",
    "collection",
    "version",
    "from_version",
    "alias",
    "alias_counter",
    "protected",
    "tag",
    "subject",
    "details",
)
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(
    user: User, events: QuerySet[Event], wanted: HistoryFilter
) -> Iterator[dict[str, Any]]:
    """Newest first, read while it is sent: a few at once, then the rest in one go."""
    found = wanted.apply(events)
    last = HIGHEST_ID
    for event in readable(user, found)[:READ_FIRST]:
        last = event.pk
        yield _facts(HistoryRow(event))
    rest = found.filter(pk__lt=last)
    for event in readable(user, rest).iterator(chunk_size=READ_AT_ONCE):
        yield _facts(HistoryRow(event))


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One array, one event on each line."""
    before = "["
    for row in rows:
        yield f"{before}\n{json.dumps(row, ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """With a heading row. Details stand as JSON in their cell."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows:
        cells = row | {"details": json.dumps(row["details"], ensure_ascii=False)}
        yield writer.writerow([_harmless(cells[column]) for column in COLUMNS])


class _Line:
    """Hands on what the CSV writer has written."""

    def write(self, text: str) -> str:
        return text


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return "" if value is None else value
    looks_like_a_formula = value.lstrip(" ").startswith(FORMULA_STARTS)
    return f"'{value}" if looks_like_a_formula else value


def _facts(row: HistoryRow) -> dict[str, Any]:
    event = row.event
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "who": row.who,
        "way": event.way,
        "kind": event.kind,
        "registry": event.home_name,
        "collection": event.collection_name or None,
        "version": _label(event.number),
        "from_version": _label(event.from_number),
        "alias": event.alias or None,
        "alias_counter": event.alias_counter,
        "protected": event.was_protected,
        "tag": event.tag or None,
        "subject": _subject(row),
        "details": {key: told for key, told in event.details.items() if key != SOURCE_PROJECT},
    }


def _label(number: int | None) -> str | None:
    return None if number is None else f"v{number}"


def _subject(row: HistoryRow) -> str | None:
    """A source only where the reader may see its project, as on the page."""
    is_source = row.event.kind.startswith("version.")
    return (row.source if is_source else row.event.subject) or None
