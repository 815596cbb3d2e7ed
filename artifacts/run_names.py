"""What runs and their files may be called. Scripts choose these names, and go on when one is not
kept: so nearly any text is taken."""

from __future__ import annotations

import re
import secrets
import string
import unicodedata
from collections.abc import Iterable

from accounts.errors import Invalid
from artifacts.names import (
    DRIVE,
    FORBIDDEN_IN_PROJECT_NAME,
    LONGEST_NAME,
    LONGEST_PATH,
    NOT_SHOWN,
    has_control_character,
    is_storable,
    plain_name,
)

LETTERS_AND_DIGITS = string.ascii_lowercase + string.digits
MOST_TAGS_OF_A_RUN = 100
LONGEST_TAG_OF_A_RUN = 64
# `photo\u202egpj.exe` reads as a picture. A mere mark of direction is part of many texts.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def valid_run_name(name: str) -> str:
    """The id of a run as scripts choose it, or Invalid: it stands in addresses."""
    return plain_name(name, "run id", LONGEST_NAME, FORBIDDEN_IN_PROJECT_NAME, "/ \\ # ? % :")


def new_run_name() -> str:
    """An id for a run that comes without one, as the SDK forms them: eight letters and digits."""
    return "".join(secrets.choice(LETTERS_AND_DIGITS) for _ in range(8))


def valid_display_name(name: str | None) -> str | None:
    """What people read of a run, or Invalid. None and "" stay."""
    if name and (len(name) > LONGEST_NAME or not is_storable(name)):
        raise Invalid("display_name", "A name for people has at most 128 characters.", field="name")
    return name


def valid_run_tags(names: Iterable[str]) -> list[str]:
    """Distinct tags of a run, or Invalid. The SDK takes any text of 1 to 64 characters."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) > MOST_TAGS_OF_A_RUN:
        raise Invalid("too_many_tags", f"A run has at most {MOST_TAGS_OF_A_RUN} tags.", field="tag")
    for name in distinct:
        if not 0 < len(name) <= LONGEST_TAG_OF_A_RUN or has_control_character(name):
            raise Invalid(
                "tag_form",
                f"“{name[:100]}” cannot be a tag of a run. Tags have 1 to 64 characters and no "
                "control characters.",
                field="tag",
            )
    return distinct


def tags_to_keep(names: Iterable[str]) -> list[str]:
    """Of what a script gives, whatever can be tags of a run: cut, without what is not seen, and
    no more than there may be."""
    shown = (_shown(name[:LONGEST_TAG_OF_A_RUN]) for name in names)
    kept = dict.fromkeys(name for name in shown if name and not has_control_character(name))
    return list(kept)[:MOST_TAGS_OF_A_RUN]


def _shown(name: str) -> str:
    """Without control characters; a line break or a tab between words stands for a space."""
    if not has_control_character(name):
        return name
    signs = [" " if sign.isspace() else sign for sign in name]
    return "".join(sign for sign in signs if not has_control_character(sign)).strip()


def valid_run_file_name(name: str) -> str:
    """What a run calls a file it keeps, or Invalid: any text that leads nowhere else.

    Neither here, where bytes have names of their own, nor on the machine it comes down to. Other
    than in a manifest, `%2F`, a backslash and what joins letters stand for nothing but themselves.
    """
    parts = re.split(r"[/\\]", name)
    bad = (
        len(name) > LONGEST_PATH
        or "" in name.split("/")
        or name.startswith("\\")
        or not {".", ".."}.isdisjoint(parts)
        or DRIVE.match(name)
        or TURNING.search(name)
        or any(unicodedata.category(character) in NOT_SHOWN for character in name)
    )
    if bad:
        raise Invalid("run_file_name", f"“{name[:200]}” cannot be the name of a file of a run.")
    return name
