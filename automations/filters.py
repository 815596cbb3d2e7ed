"""Which of the events of a kind an automation wants: the filters of the wandb SDK, and patterns.

A filter is kept as the JSON text it came as, because the SDK sends back what it was given.
`{"$or":[{"$and":[{"alias":{"$regex":"prod.*"}}]}]}` is how it writes a pattern.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from accounts.errors import Invalid
from automations.conditions import Condition, Reading, always, parsed
from automations.kinds import MEANINGS, EventKind
from automations.run_filters import condition_of_metric, condition_of_states

ANY: tuple[dict[str, Any], ...] = ({}, {"$and": []}, {"$or": [{"$and": []}]})


def filter_of_pattern(kind: EventKind, text: str) -> str:
    """The filter that lets through what the pattern finds; "" lets everything through."""
    field = MEANINGS[kind].field
    if not text:
        return ""
    if field is None:
        raise Invalid(
            "filter_field", f"“{kind.label}” has no alias or tag to match.", field="filter"
        )
    return json.dumps(_of_pattern(field, text))


def _of_pattern(field: str, text: str) -> dict[str, Any]:
    return {"$or": [{"$and": [{field: {"$regex": text}}]}]}


def pattern_of_filter(text: str) -> str | None:
    """The pattern a filter consists of, "" for none; None when it is more than one pattern, or
    cannot be read."""
    try:
        given = parsed(text) if text else {}
    except Invalid:
        return None
    if given in ANY:
        return ""
    match given:
        case {"$or": [{"$and": [{"alias": {"$regex": str(found)}}]}]}:
            field = "alias"
        case {"$or": [{"$and": [{"tag": {"$regex": str(found)}}]}]}:
            field = "tag"
        case _:
            return None
    return found if given == _of_pattern(field, found) else None


def valid_filter(kind: EventKind, text: str) -> str:
    """`text`, or Invalid with what is wrong with it. None of it is changed."""
    condition_of(kind, text)
    return text


@lru_cache(maxsize=10_000)
def condition_of(kind: EventKind, text: str) -> Condition:
    """A filter, read once for each process. Invalid for one that cannot be read."""
    if kind == EventKind.RUN_STATE:
        return condition_of_states(text)
    if kind == EventKind.RUN_METRIC:
        return condition_of_metric(text)
    field = MEANINGS[kind].field
    fields = frozenset({field} if field else ())
    return Reading(fields).condition(parsed(text)) if text else always
