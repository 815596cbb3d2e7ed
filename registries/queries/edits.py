"""What an edit changed, in words: the column, and from what to what where that can be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registries.models import Event, Registry
from registries.roles import Role

LONGEST_TEXT = 60
MOST_TYPES = 10
NOTHING = "nothing"
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True)
class Change:
    """`before` and `after` are empty for what is too long for a sentence."""

    name: str
    before: str = ""
    after: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.before and self.after)


def changes_of(event: Event) -> list[Change]:
    """In the order of the record, which is `{column: [before, after]}`."""
    is_card = event.kind == Event.Kind.COLLECTION_EDITED
    found = []
    for column, values in event.details.get("changes", {}).items():
        name = "card" if is_card and column == "description" else column.replace("_", " ")
        found.append(_change(name, column, values))
    return found


def _change(name: str, column: str, values: list[Any]) -> Change:
    write = WRITTEN.get(column)
    told = [write(value) for value in values] if write else []
    # A text of nothing and none at all read the same: then it is not said from what to what.
    if len(set(told)) < 2 or not all(told):
        return Change(name)
    return Change(name, *told)


def _quoted(text: str) -> str:
    return f"“{text}”"


def _short_text(text: str | None) -> str:
    if not text:
        return NOTHING
    fits = len(text) <= LONGEST_TEXT and text.isprintable()
    return _quoted(text) if fits else ""


def _types(names: list[str] | None) -> str:
    if names is None:
        return "all"
    shown = ", ".join(map(_quoted, names[:MOST_TYPES]))
    more = len(names) - MOST_TYPES
    return f"{shown} and {more} more" if more > 0 else shown or NOTHING


def _visibility(value: str) -> str:
    return str(Registry.Visibility(value).label)


def _role(codename: str) -> str:
    return Role.from_codename(codename).label


def _span(seconds: int | None) -> str:
    """In the largest unit that holds it without a rest."""
    if not seconds:
        return NOTHING
    size, unit = next((size, unit) for size, unit in UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"


WRITTEN: dict[str, Callable[[Any], str]] = {
    "name": _quoted,
    "type": _quoted,
    "description": _short_text,
    "visibility": _visibility,
    "default role": _role,
    "accepted types": _types,
    "time_to_live": _span,
}
