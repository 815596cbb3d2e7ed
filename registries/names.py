"""What registries, collections and aliases may be called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from accounts.errors import Invalid
from accounts.names import fold
from artifacts.invisible_characters import refuse_invisible
from artifacts.names import LONGEST_NAME, has_control_character, plain_name, valid_type
from registries.models import REGISTRY_PROJECT_PREFIX

LATEST = "latest"
VERSION_NUMBER = re.compile(r"v[0-9]+")
LONGEST_REGISTRY_NAME = 113
FORBIDDEN_IN_REGISTRY_NAME = re.compile(r"[/\\#?%:\r\n]")
FORBIDDEN_IN_COLLECTION_NAME = re.compile(r"[/:]")
RESERVED_TYPES = frozenset({"job", "code", "run_table"})


def valid_registry_name(name: str) -> str:
    """In NFC, or Invalid. With its prefix it must fit a project's 128 characters."""
    return plain_name(
        unicodedata.normalize("NFC", name),
        "registry name",
        LONGEST_REGISTRY_NAME,
        FORBIDDEN_IN_REGISTRY_NAME,
        "/ \\ # ? % : and line breaks",
    )


def valid_collection_name(name: str) -> str:
    """In NFC, or Invalid."""
    return plain_name(
        unicodedata.normalize("NFC", name),
        "collection name",
        LONGEST_NAME,
        FORBIDDEN_IN_COLLECTION_NAME,
        "/ and :",
    )


def valid_new_collection_name(name: str, project_name: str) -> str:
    """As `valid_collection_name`, and Invalid for signs that nobody sees and for what a script
    meant as a registry: a link that names no collection has the registry's name in its place.
    What is called so stays usable.
    """
    name = valid_collection_name(name)
    refuse_invisible(name, "new collection name")
    in_registry = fold(project_name).startswith(REGISTRY_PROJECT_PREFIX)
    if not in_registry and fold(name).startswith(REGISTRY_PROJECT_PREFIX):
        raise Invalid(
            "collection_name_reserved",
            "Names beginning with “wandb-registry-” belong to registries. To link to one, name "
            f"the collection too: {name}/NAME.",
            field="name",
        )
    return name


def valid_accepted_type(name: str) -> str:
    """A type a registry may list or a sequence may change to: none the SDK keeps for itself."""
    if name in RESERVED_TYPES or name.startswith("wandb-"):
        raise Invalid(
            "type_reserved", f"The type “{name}” is kept by the SDK for itself.", field="type"
        )
    return valid_type(name)


def valid_aliases(names: Iterable[str]) -> list[str]:
    """Distinct alias names in NFC, in the order given, or Invalid for the first bad one."""
    return list(dict.fromkeys(valid_alias(name) for name in names))


def valid_alias(name: str) -> str:
    """The name in NFC, or Invalid. Says nothing yet about `latest`, numbers and protection."""
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise Invalid("alias_empty", "Type the name of an alias.", field="alias")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            "alias_length",
            f"An alias has at most 128 characters; this has {len(name)}.",
            field="alias",
        )
    if "/" in name or ":" in name or has_control_character(name):
        raise Invalid(
            "alias_characters",
            f"“{name}” cannot be an alias: no /, no :, no control characters.",
            field="alias",
        )
    if name != name.strip() or name in {".", ".."}:
        raise Invalid(
            "alias_form",
            f"“{name}” cannot be an alias: it begins or ends with a space or is a mere dot.",
            field="alias",
        )
    return name


def is_version_number(name: str) -> bool:
    """`v3`, `V3`, `ｖ３`: what anybody would read as the number of a version."""
    return VERSION_NUMBER.fullmatch(fold(name)) is not None


def is_number_to_sdk(name: str) -> bool:
    """`v四`, `v½`, and what looks like them: v and digits of any script, as the `wandb` package
    asks by `str.isnumeric()`. It takes such a one among the aliases of a version for its number.
    """
    return any(form[:1] in {"v", "V"} and form[1:].isnumeric() for form in (name, fold(name)))


def custom_aliases(names: Iterable[str]) -> list[str]:
    """Distinct names that may be given by hand, in NFC; Invalid for the first that may not."""
    return [custom_alias(name) for name in valid_aliases(names)]


def custom_alias(name: str) -> str:
    """`name` if it may be given by hand, `latest` included; Invalid for its twins, for numbers and
    for what hides a difference."""
    refuse_invisible(name, "new alias", "alias")
    if is_version_number(name) or is_number_to_sdk(name):
        raise Invalid(
            "alias_is_number",
            f"“{name}” reads as a version number. Numbers are given out by Waymark alone.",
            field="alias",
        )
    if name != LATEST and fold(name) == LATEST:
        raise Invalid(
            "alias_like_latest",
            f"“{name}” reads like “latest”. Write “latest” or choose another name.",
            field="alias",
        )
    return name
