"""What is typed wrongly into each form, and what must stand beside the field then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.registries.views.pages import COLLECTION, CORE

ORGANIZATION = {"organization": "smle-reg"}
ANIMALS = ORGANIZATION | {"registry": "Animals"}
VERSION = COLLECTION | {"number": 1}
LONG = "x" * 129


@dataclass(frozen=True)
class Mistake:
    """`field` is where the sentence stands, "" for a form with nothing to choose from."""

    name: str
    at: Mapping[str, str | int]
    body: Mapping[str, str]
    field: str
    sentence: str
    status: int = 422
    keeps: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = {name: text[:20] for name, text in self.body.items()}
        return f"{self.name} {shown}"


def new_registry(
    wrong: Mapping[str, str], beside: str, sentence: str, status: int = 422
) -> Mistake:
    body = {"name": "Plants", "description": "Of *plants*.", "visibility": "organization"}
    return Mistake("create-registry", ORGANIZATION, body | wrong, beside, sentence, status)


def new_collection(
    wrong: Mapping[str, str], beside: str, sentence: str, status: int = 422
) -> Mistake:
    body = {"name": "Dogs", "type": "model", "description": "Of <dogs>.", "tags": "fine"}
    return Mistake("create-collection", CORE, body | wrong, beside, sentence, status)


def general(wrong: Mapping[str, str], beside: str, sentence: str, status: int = 422) -> Mistake:
    return Mistake("settings-general", ANIMALS, wrong, beside, sentence, status)


def types(typed: str, sentence: str) -> Mistake:
    body = {"types": "list", "type_names": typed}
    return Mistake("settings-types", CORE, body, "type_names", sentence)


def protect(typed: str, sentence: str, status: int = 422) -> Mistake:
    return Mistake("protect-aliases", CORE, {"names": typed}, "names", sentence, status)


def access(who: str, role: str, beside: str, sentence: str) -> Mistake:
    body = {"who": who, "role": role}
    return Mistake("add-access", CORE, body, beside, sentence)


def alias(typed: str, sentence: str) -> Mistake:
    return Mistake("add-aliases", VERSION, {"name": typed}, "name", sentence)


def metadata(typed: str, sentence: str) -> Mistake:
    return Mistake("version-metadata", VERSION, {"metadata": typed}, "metadata", sentence)


ALIAS_RULE = "no /, no :, no control characters"
MISTAKES = (
    new_registry({"name": ""}, "name", "1 to 113 characters"),
    new_registry({"name": "x" * 114}, "name", "1 to 113 characters"),
    new_registry({"name": "a/b"}, "name", "no control characters"),
    new_registry({"name": "50%"}, "name", "no control characters"),
    new_registry({"name": "."}, "name", "mere dot"),
    new_registry({"name": "mODEL"}, "name", "registry “mODEL” already", 409),
    new_registry({"visibility": "public"}, "visibility", "Choose organization or restricted."),
    new_registry({"types": "list", "type_names": ""}, "type_names", "type"),
    new_registry({"types": "list", "type_names": "model\na:b"}, "type_names", "none of / and :"),
    new_registry({"types": "list", "type_names": "job"}, "type_names", "kept by the SDK"),
    new_collection({"name": ""}, "name", "1 to 128 characters"),
    new_collection({"name": "a:b"}, "name", "none of / and :"),
    new_collection({"name": LONG}, "name", "1 to 128 characters"),
    new_collection({"name": "Zoo_Classifier_Models"}, "name", "Zoo_Classifier_Models", 409),
    new_collection({"type": ""}, "type", "1 to 128 characters"),
    new_collection({"type": "a/b"}, "type", "none of / and :"),
    new_collection({"tags": "fine\nnot/fine"}, "tags", "cannot be a tag"),
    general({"name": "a?b"}, "name", "no control characters"),
    general({"name": ""}, "name", "1 to 113 characters"),
    general({"name": "model"}, "name", "registry “model” already", 409),
    general({"visibility": "public"}, "visibility", "Choose organization or restricted."),
    general({"default_role": "owner"}, "default_role", "role"),
    types("a:b", "none of / and :"),
    types("wandb-history", "kept by the SDK"),
    protect("", "Type at least one alias name."),
    protect("latest", "latest"),
    protect("staging\nV3", "V3"),
    protect("staging\nv½", "v½"),
    protect("a:b", ALIAS_RULE),
    protect(LONG, "at most 128 characters; this has 129"),
    protect("Production", "production", 422),
    access("nobody-here", "viewer", "who", "Nobody here is named “nobody-here”."),
    access("", "viewer", "who", "Nobody here is named"),
    access("bystander", "owner", "role", "Choose one of the roles offered."),
    access("robot", "viewer", "role", "at least a Member"),
    Mistake("set-roles", CORE, {"role-team-0": "viewer"}, "", "no member of Model any more"),
    Mistake("set-roles", CORE, {"role-person-x": "viewer"}, "", "no member of Model any more"),
    Mistake("remove-member", CORE, {"member": "person-0"}, "", "no member of Model any more"),
    Mistake("remove-member", CORE, {}, "", "no member of Model any more"),
    Mistake(
        "delete-registry",
        ANIMALS,
        {"confirmed_name": "animals"},
        "confirmed_name",
        "Type Animals exactly",
    ),
    Mistake("delete-registry", ANIMALS, {}, "confirmed_name", "Type Animals exactly"),
    Mistake("edit-card", COLLECTION, {"description": "a\x00b"}, "description", "no NUL"),
    Mistake(
        "edit-card", COLLECTION, {"description": "x" * 100_001}, "description", "100,000 characters"
    ),
    Mistake("collection-tags", COLLECTION, {"name": ""}, "name", "Type the name of a tag."),
    Mistake("collection-tags", COLLECTION, {"name": "fine, a/b"}, "name", "cannot be a tag"),
    Mistake("link-version", COLLECTION, {}, "", "Choose a version to link."),
    Mistake("link-version", COLLECTION, {"source": "9" * 30}, "", "Choose a version to link."),
    alias("", "Type the name of an alias."),
    alias("a/b", ALIAS_RULE),
    alias("v7", "reads as a version number"),
    alias("Ｖ７", "reads as a version number"),
    alias("v四", "reads as a version number"),
    alias("Latest", "reads like “latest”"),
    alias("PRODUCTION", "too close to the protected alias “production”"),
    alias(LONG, "at most 128 characters; this has 129"),
    alias("a\u202eb", ALIAS_RULE),
    Mistake("version-tags", VERSION, {"name": "a/b"}, "name", "cannot be a tag"),
    Mistake("version-tags", VERSION, {"name": " , "}, "name", "Type the name of a tag."),
    Mistake("version-tags", VERSION, {"name": ",".join(map(str, range(21)))}, "name", "At most 20"),
    Mistake("version-description", VERSION, {"description": "\x00"}, "description", "no NUL"),
    metadata("{", "This is not JSON: see line 1, column 2."),
    metadata('{"a": NaN}', "NaN is not JSON."),
    metadata('{"a": -Infinity}', "-Infinity is not JSON."),
    metadata("[1, 2]", "Metadata is a JSON object"),
    metadata('{"a": "\\ud800"}', "broken characters"),
    metadata('{"a": "\\u0000"}', "NUL"),
    metadata("[" * 50_000, "cannot be read"),
    metadata('{"a": %s}' % ("9" * 5000), "cannot be read"),
    metadata('{"a": "%s"}' % ("x" * 1_000_001), "at most 1 MB"),
    metadata(str(dict.fromkeys(map(str, range(101)), 1)).replace("'", '"'), "at most 100 keys"),
)
