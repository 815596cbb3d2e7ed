"""A user's own JSON: checked when it is saved, filled in when it is sent.

Variables stand inside JSON strings only and are put in after the JSON was read, so that no
value can end a string or add a key. Names are the wandb SDK's, and some of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from accounts.errors import Invalid
from artifacts.names import valid_json

LARGEST = 20_000  # bytes
LONGEST_VALUE = 4_000  # characters of one variable
METADATA = "artifact_metadata."

VARIABLES = {
    "project_name": "the registry’s project, or the project",
    "entity_name": "the organization, team or person",
    "registry_name": "the registry",
    "event_type": "what happened, as ADD_ARTIFACT_ALIAS",
    "event_author": "who did it",
    "event_id": "the number of the event in the history",
    "alias": "the alias",
    "tag": "the tag",
    "artifact_collection_name": "the collection",
    "artifact_version": "the version’s full name, as entity/project/collection:v3",
    "artifact_version_string": "the same, for people",
    "artifact_version_index": "the number of the version, as 3",
    "previous_version": "where a moved alias was before, as v2",
    "url": "the page of the version",
    "run_name": "the run",
    "run_state": "its state",
    "metric_name": "the metric that passed a threshold",
    "metric_value": "its value",
}
ACCESS_TOKEN = "ACCESS_TOKEN"  # noqa: S105 the name of a variable

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
METADATA_KEY = re.compile(r"[^${}]{1,128}")


def valid_template(text: str, secret_names: Collection[str] = ()) -> str:
    """`text`, or Invalid with line and column of what is wrong. "" means the default body."""
    if not text.strip():
        return ""
    if len(text.encode()) > LARGEST:
        raise _invalid("The template has more than 20 kB.")
    parsed = _parsed(text)
    for match in VARIABLE.finditer(text):
        _judge_name(match[1], secret_names, _place(text, match.start()))
    for found in _leaves(parsed):
        for match in VARIABLE.finditer(found):
            _judge_name(match[1], secret_names, "")
    return text


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The template with its variables replaced; a name that is not in `values` becomes ""."""
    parsed = _replace(_read(text), lambda found: substituted(found, values))
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))


def substituted(text: str, values: Mapping[str, str]) -> str:
    """One piece of text with its variables replaced, each once: what comes in is not read again."""
    return VARIABLE.sub(lambda match: values.get(match[1], "")[:LONGEST_VALUE], text)


def valid_text(text: str, field: str) -> str:
    """Title or text of a message, whose variables must exist; secrets are none of them."""
    for match in VARIABLE.finditer(text):
        if match[1] not in VARIABLES and not _is_metadata(match[1]):
            raise Invalid("variable", f"There is no variable ${{{match[1][:100]}}}.", field=field)
    return text


@lru_cache(maxsize=10_000)
def metadata_keys(text: str) -> frozenset[str]:
    """Which parts of the metadata the text asks for."""
    names = [match[1] for match in VARIABLE.finditer(text)]
    return frozenset(name.removeprefix(METADATA) for name in names if _is_metadata(name))


@lru_cache(maxsize=1_000)
def _read(text: str) -> Any:
    return json.loads(text)


def _parsed(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        hint = ""
        if text[error.pos : error.pos + 2] == "${":
            hint = " Put variables in quotes."
        raise _invalid(
            f"Line {error.lineno}, column {error.colno}: this is not JSON "
            f"({error.msg[0].lower()}{error.msg[1:]}).{hint}"
        ) from error
    except RecursionError as error:
        raise _invalid("The template is nested too deeply.") from error
    except ValueError as error:
        raise _invalid("A number in the template has too many digits.") from error
    if not isinstance(parsed, dict):
        raise _invalid("Line 1, column 1: the template must be a JSON object, in { and }.")
    return valid_json(parsed, "template")


def _refuse_constant(name: str) -> None:
    raise _invalid(f"{name} is not JSON.")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise _invalid(f"The name “{twin[:100]}” stands twice in one object.")
    if any(VARIABLE.search(name) for name in found):
        raise _invalid("A variable cannot be the name of a value, only stand in the value.")
    return found


def _judge_name(name: str, secret_names: Collection[str], place: str) -> None:
    if name in VARIABLES or name in secret_names or _is_metadata(name):
        return
    raise _invalid(
        f"{place}there is no variable ${{{name[:100]}}}."
        if place
        else f"There is no variable ${{{name[:100]}}}."
    )


def _is_metadata(name: str) -> bool:
    return name.startswith(METADATA) and bool(METADATA_KEY.fullmatch(name.removeprefix(METADATA)))


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return f"Line {line}, column {column}: "


def _leaves(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return []


def _replace(value: Any, change: Callable[[str], str]) -> Any:
    """A copy in which every string of a value went through `change`."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _replace(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_replace(part, change) for part in value]
    return value


def _invalid(sentence: str) -> Invalid:
    return Invalid("template", sentence, field="template")
