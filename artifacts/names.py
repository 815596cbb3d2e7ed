"""What projects, types, tags and paths in a manifest may be called, and metadata may hold."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from accounts.errors import Invalid
from accounts.names import fold

LONGEST_NAME = 128
MOST_TAGS_IN_ONE_CALL = 20
MOST_METADATA_KEYS = 100
LONGEST_PATH = 1024
TAG = re.compile(r"[-\w]+( +[-\w]+)*")
FORBIDDEN_IN_PROJECT_NAME = re.compile(r"[/\\#?%:\r\n]")
ENCODED_DOT_OR_SLASH = re.compile(r"%(2e|2f|5c|00)", re.IGNORECASE)
DRIVE = re.compile(r"[A-Za-z]:")


def has_control_character(text: str) -> bool:
    """Control, direction-changing and unassigned-by-design characters: what hides in a name."""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in text)


def valid_project_name(name: str) -> str:
    """An ordinary project's name in NFC, or Invalid."""
    name = unicodedata.normalize("NFC", name)
    if fold(name).startswith("wandb-registry-"):
        raise Invalid(
            "project_name_reserved",
            "Names beginning with “wandb-registry-” belong to registries. "
            "Create a registry instead.",
            field="name",
        )
    return plain_name(name, "project name", LONGEST_NAME, FORBIDDEN_IN_PROJECT_NAME, "/ \\ # ? % :")


def plain_name(
    name: str, what: str, longest: int, forbidden: re.Pattern[str], shown: str, field: str = "name"
) -> str:
    """`name` if it is 1 to `longest` characters long, has none of `forbidden` and no odd edges."""
    if not name or len(name) > longest:
        raise Invalid("name_length", f"A {what} has 1 to {longest} characters.", field=field)
    if forbidden.search(name) or has_control_character(name):
        raise Invalid(
            "name_characters",
            f"A {what} has none of {shown} and no control characters.",
            field=field,
        )
    if name != name.strip() or name in {".", ".."}:
        raise Invalid(
            "name_form",
            f"A {what} does not begin or end with a space and is not a mere dot.",
            field=field,
        )
    return name


def valid_type(name: str) -> str:
    """An artifact type, or Invalid. Types the SDK makes by itself are accepted when logged."""
    return plain_name(name, "type", LONGEST_NAME, re.compile(r"[/:]"), "/ and :", field="type")


def valid_tags(names: Iterable[str]) -> list[str]:
    """Distinct tags in the order given, or Invalid for the first bad one."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) > MOST_TAGS_IN_ONE_CALL:
        raise Invalid("too_many_tags", "At most 20 tags can be given at once.", field="tag")
    for name in distinct:
        if len(name) > LONGEST_NAME or not TAG.fullmatch(name):
            raise Invalid(
                "tag_form",
                f"“{name}” cannot be a tag. Tags have 1 to 128 letters, digits, dashes, "
                "underscores and single spaces between words.",
                field="tag",
            )
    return distinct


def valid_metadata(metadata: Any) -> dict[str, Any]:
    """A JSON object with at most 100 keys on top and no NaN or Infinity, or Invalid."""
    if not isinstance(metadata, dict):
        raise Invalid("metadata_form", "Metadata is a JSON object.", field="metadata")
    if len(metadata) > MOST_METADATA_KEYS:
        raise Invalid(
            "metadata_keys",
            f"Metadata has at most 100 keys on top; this has {len(metadata)}.",
            field="metadata",
        )
    try:
        text = json.dumps(metadata, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Invalid(
            "metadata_json", "Metadata is JSON without NaN or Infinity.", field="metadata"
        ) from error
    if "\\u0000" in text:
        raise Invalid("metadata_nul", "Metadata cannot hold NUL characters.", field="metadata")
    return metadata


def valid_paths(paths: Iterable[str]) -> None:
    """Invalid when a path of a manifest could be mistaken for another or leave its folder."""
    seen: dict[str, str] = {}
    for path in paths:
        _valid_path(path)
        twin = seen.setdefault(fold(path), path)
        if twin is not path:
            raise Invalid("path_twin", f"“{path}” and “{twin}” are the same name to some systems.")
    for path in seen:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in seen:
                raise Invalid("path_file_and_folder", f"“{seen[folder]}” is a file and a folder.")


def _valid_path(path: str) -> None:
    """Relative, forward slashes, nothing hidden."""
    bad = (
        not path
        or len(path) > LONGEST_PATH
        or path.startswith("/")
        or "\\" in path
        or DRIVE.match(path)
        or ENCODED_DOT_OR_SLASH.search(path)
        or has_control_character(path)
        or any(part in {"", ".", ".."} for part in path.split("/"))
    )
    if bad:
        raise Invalid("path_form", f"“{path[:200]}” cannot be a file name in an artifact.")
