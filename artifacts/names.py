"""What projects, types, tags and paths in a manifest may be called, and metadata may hold."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from accounts.errors import Invalid
from accounts.names import JOINERS, fold
from artifacts.invisible_characters import refuse_invisible

LONGEST_NAME = 128
MOST_TAGS_IN_ONE_CALL = 20
MOST_METADATA_KEYS = 100
LONGEST_PATH = 1024
# Of a reference without a checksum it is the address, which may be a signed one.
LONGEST_DIGEST = 8192
# Far beyond what people write and far from what Python can follow.
DEEPEST_JSON = 100
TAG = re.compile(r"[-\w]+( +[-\w]+)*")
FORBIDDEN_IN_PROJECT_NAME = re.compile(r"[/\\#?%:\r\n]")
LONGEST_LIFE = 1000 * 366 * 24 * 3600
MOST_STEPS = 2**62
LONGEST_DESCRIPTION = 100_000
# From here on a number with an exponent may come back from a database with all its digits.
WRITTEN_OUT = 10**15
# Control, surrogate, line and paragraph characters; with those that join letters or change their
# direction, what hides in a name.
NOT_SHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})
HIDING = NOT_SHOWN | {"Cf"}
ENCODED_DOT_OR_SLASH = re.compile(r"%(2e|2f|5c|00)", re.IGNORECASE)
# NUL as JSON writes it: an escape whose backslash is not escaped itself.
NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# What stands in quotes, and what opens and closes outside of it.
TEXTS_IN_JSON = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
BRACKETS = re.compile(r"[\[\]{}]")
DRIVE = re.compile(r"[A-Za-z]:")


def has_control_character(text: str) -> bool:
    """Whether something in it would not be seen, or change how the rest is read.

    A joiner between two letters or signs is part of how they are written, but not in ASCII.
    """
    return any(
        _hides(character) and not _joins(text, position) for position, character in enumerate(text)
    )


def _hides(character: str) -> bool:
    return unicodedata.category(character) in HIDING


def _joins(text: str, position: int) -> bool:
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    return (
        text[position] in JOINERS
        and len(around) == 2
        and not around.isascii()
        and not any(one.isspace() or _hides(one) for one in around)
    )


def valid_description(text: str | None, field: str = "description") -> str | None:
    """Any text a database can keep, or Invalid. None stays None: it is not the empty text."""
    if text is not None and (len(text) > LONGEST_DESCRIPTION or not is_storable(text)):
        raise Invalid(
            "description_form",
            "A description has at most 100,000 characters and no NUL or broken characters.",
            field=field,
        )
    return text


def is_storable(text: str) -> bool:
    """Without NUL, which PostgreSQL does not keep, and halves of characters, which are no text."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)


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
                "underscores and spaces between words.",
                field="tag",
            )
        refuse_invisible(name, "tag", "tag")
    return distinct


def valid_metadata(metadata: Any) -> dict[str, Any]:
    """A JSON object with at most 100 keys on top, or Invalid."""
    valid_json(metadata)
    if len(metadata) > MOST_METADATA_KEYS:
        raise Invalid(
            "metadata_keys",
            f"Metadata has at most 100 keys on top; this has {len(metadata)}.",
            field="metadata",
        )
    return cast("dict[str, Any]", metadata)


def valid_time_to_live(seconds: int | None) -> int | None:
    """Seconds, or None for no end. What is not above 0 is the SDK's way to say none."""
    if seconds is not None and seconds > LONGEST_LIFE:
        raise Invalid("time_to_live", "A time to live has at most 1,000 years.", field="ttl")
    return seconds if seconds is not None and seconds > 0 else None


def valid_history_step(step: Any) -> int | None:
    """How far the script had counted, as both databases keep it."""
    if step is not None and (not isinstance(step, int) or not 0 <= step < MOST_STEPS):
        raise Invalid("history_step", "A step is a whole number from 0 on, of at most 62 bits.")
    return step


def valid_json(given: Any, field: str = "metadata") -> dict[str, Any]:
    """A JSON object both databases keep and every page shows: no NaN or Infinity, no NUL, not
    nested deeper than DEEPEST_JSON."""
    if not isinstance(given, dict):
        raise Invalid(f"{field}_form", "This is not a JSON object.", field=field)
    refusal = Invalid(
        f"{field}_json",
        "This is not JSON, has NaN or Infinity in it, or is nested more than "
        f"{DEEPEST_JSON} levels deep.",
        field=field,
    )
    try:
        text = json.dumps(given, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise refusal from error
    if is_nested_deeper(text, DEEPEST_JSON):
        raise refusal
    if NUL_IN_JSON.search(text) or not is_storable(text):
        raise Invalid(f"{field}_text", "JSON with NUL or broken characters.", field=field)
    return given


def is_same_json(one: Any, other: Any) -> bool:
    """Whether both say the same as JSON, in which true, 1 and 1.0 are three things."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            is_same_json(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_json, one, other))
    if one != other:
        return False
    return type(one) is type(other) or abs(one) >= WRITTEN_OUT


def is_nested_deeper(text: str, most: int) -> bool:
    """Whether this JSON has a list or an object within `most` others. Without recursion."""
    if text.count("[") + text.count("{") <= most:
        return False
    depth = 0
    for sign in BRACKETS.findall(TEXTS_IN_JSON.sub("", text)):
        depth += 1 if sign in "[{" else -1
        if depth > most:
            return True
    return False


def valid_text(text: str | None, what: str, longest: int = LONGEST_NAME) -> str | None:
    """What a script says of a run in words, or Invalid. None and "" stay."""
    if text and (len(text) > longest or not is_storable(text)):
        raise Invalid(
            "text_form",
            f"{what} has at most {longest:,} characters and no NUL or broken characters.",
        )
    return text


def valid_paths(paths: Iterable[str]) -> None:
    """Invalid when a path of a manifest could be mistaken for another or leave its folder."""
    seen: dict[str, str] = {}
    for path in paths:
        _valid_path(path)
        twin = seen.setdefault(_without_case(path), path)
        if twin is not path:
            raise Invalid("path_twin", f"“{path}” and “{twin}” are the same name to some systems.")
    for path in seen:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in seen:
                raise Invalid("path_file_and_folder", f"“{seen[folder]}” is a file and a folder.")


def _without_case(path: str) -> str:
    """As file systems that know no case compare names: the canonical caseless matching of Unicode.

    What merely looks alike, as `km².csv` and `km2.csv`, every one of them keeps apart.
    """
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


def valid_entry(path: str, digest: str, size: int, reference: str | None = None) -> None:
    """What stands beside a path in a manifest, or Invalid.

    A digest in two lines could make two different manifests look alike.
    """
    text_is_sound = is_storable(reference or "") and not has_control_character(digest)
    if not text_is_sound or size < 0 or reference == "":
        raise Invalid("entry_form", f"The entry “{path[:200]}” of the manifest cannot be read.")
    if len(digest) > LONGEST_DIGEST:
        raise Invalid(
            "digest_length",
            f"The digest of “{path[:200]}” has {len(digest):,} characters; at most "
            f"{LONGEST_DIGEST:,} are kept. Without a checksum the address of a reference is its "
            "digest.",
        )


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
