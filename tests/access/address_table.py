"""The table of addresses: who gets what at each. A URL without a row fails the tests.

Roles are those of `tests.personas`, in the registries Model and Animals, which have the same
members. `Zoo_Classifier_Models` of Model has v0 with the protected alias `production`, and v1
with `latest` and `candidate`; Animals has a collection `Cats` without protected aliases.
"""

from __future__ import annotations

from tests.access.address_rows import (
    ACTORS,
    ADMINS,
    ANONYMOUS,
    HIDDEN,
    IN_SOME_ORGANIZATION,
    MAY_CREATE_REGISTRIES,
    MEMBERS,
    READ_THE_SOURCE,
    REFUSED,
    SEE,
    SIGN_IN,
    VIEWERS,
    Row,
    change,
    judged,
    read,
    same,
)
from tests.access.automation_address_table import AUTOMATION_ROWS
from tests.access.people_table import PEOPLE
from tests.access.project_address_table import PROJECT_ROWS
from tests.personas import PERSONAS

__all__ = ["ACTORS", "ANONYMOUS", "HIDDEN", "REFUSED", "ROWS", "SIGN_IN", "Row"]

REGISTRY = {"organization": "smle-reg", "registry": "Model"}
ANIMALS = REGISTRY | {"registry": "Animals"}
COLLECTION = REGISTRY | {"collection": "Zoo_Classifier_Models"}
CATS = ANIMALS | {"collection": "Cats"}
PROTECTED = COLLECTION | {"number": 0}
CUSTOM = COLLECTION | {"number": 1}

TOKEN = {"token": "altered"}
FILE = {
    "region": "local",
    "entity": "smle-reg-team-2",
    "project": "zoo_experiment",
    "collection": "zoo_dataset",
    "artifact": "v0",
    "birth": "-",
    "md5": "0" * 32,
    "name": "zoo.csv",
}
RUN = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "run": "r1"}

ORGANIZATION = {"organization": "smle-reg"}

ROWS = (
    same("healthz", 200),
    same("ready", 200),
    same("readyz", 200),
    # Who has no key or signature learns nothing, signed in or not.
    same("graphql", 401, method="POST"),
    same("file-stream", 401, RUN, "POST"),
    same("artifact-file", 401, FILE),
    same("sdk-metrics", 404, method="POST"),
    same("stored-file", 403, TOKEN | {"name": "zoo.csv"}),
    same("manifest-file", 403, TOKEN),
    same("artifact-upload", 403, TOKEN, "PUT"),
    same("manifest-upload", 403, TOKEN, "PUT"),
    same("run-upload", 403, TOKEN, "PUT"),
    same("part-upload", 403, TOKEN, "PUT"),
    # The account
    Row("account_login", dict.fromkeys(PERSONAS, 302) | {ANONYMOUS: 200}),
    Row("account_logout", dict.fromkeys(PERSONAS, 200) | {ANONYMOUS: SIGN_IN}),
    Row("account_logout", dict.fromkeys(PERSONAS, 302) | {ANONYMOUS: SIGN_IN}, method="POST"),
    same("account_inactive", 200),
    same("sign-in-link", 200, TOKEN),
    same("sign-in-link", 422, TOKEN, "POST"),
    Row(
        "theme",
        dict.fromkeys(PERSONAS, 302) | {ANONYMOUS: SIGN_IN},
        method="POST",
        body={"theme": "dark"},
    ),
    Row("authorize", dict.fromkeys(PERSONAS, 200) | {ANONYMOUS: SIGN_IN}),
    Row("authorize", dict.fromkeys(PERSONAS, 200) | {ANONYMOUS: SIGN_IN}, method="POST"),
    Row(
        "start",
        dict.fromkeys(PERSONAS, 200)
        | dict.fromkeys(IN_SOME_ORGANIZATION, 302)
        | {ANONYMOUS: SIGN_IN},
    ),
    # The organization
    read("home", ORGANIZATION),
    read("search", ORGANIZATION),
    read("search-preview", ORGANIZATION),
    read("create-registry", ORGANIZATION, MAY_CREATE_REGISTRIES),
    change("create-registry", ORGANIZATION, MAY_CREATE_REGISTRIES, {"name": "Plants"}),
    # A registry
    read("registry", REGISTRY),
    read("registry-history", REGISTRY),
    read("export-registry-history", REGISTRY),
    read("create-collection", REGISTRY, MEMBERS),
    change("create-collection", REGISTRY, MEMBERS, {"name": "Dogs", "type": "model"}),
    read("link-version-anywhere", REGISTRY, MEMBERS),
    change(
        "link-version-anywhere",
        REGISTRY,
        READ_THE_SOURCE,
        {"source": "{source}", "collection": "Dogs"},
        guest=422,
    ),
    # Its settings
    read("settings", REGISTRY),
    change("settings-general", REGISTRY, ADMINS, {"description": "All models."}),
    change("settings-general", ANIMALS, ADMINS, {"visibility": "restricted"}),
    change("settings-types", REGISTRY, ADMINS, {"types": "list", "type_names": "model"}),
    change("protect-aliases", REGISTRY, ADMINS, {"names": "staging"}),
    change("unprotect-alias", REGISTRY, ADMINS, {"name": "production"}),
    change("add-access", REGISTRY, ADMINS, {"who": "bystander", "role": "viewer"}),
    change("set-roles", REGISTRY, ADMINS, {"role-{member}": "viewer", "was-{member}": "member"}),
    change("remove-member", REGISTRY, ADMINS, {"member": "{member}"}),
    read("delete-registry", ANIMALS, ADMINS),
    change("delete-registry", ANIMALS, ADMINS, {"confirmed_name": "Animals"}),
    Row("delete-registry", judged(ADMINS, 403), REGISTRY),
    change(
        "delete-registry", REGISTRY, ADMINS, {"confirmed_name": "Model"}, org_admin=403, admin=403
    ),
    # A collection
    read("collection", COLLECTION),
    read("collection-history", COLLECTION),
    read("export-collection-history", COLLECTION),
    read("put-back", COLLECTION | {"event": "{custom_change}"}, MEMBERS),
    change("put-back", COLLECTION | {"event": "{custom_change}"}, MEMBERS),
    read("put-back", COLLECTION | {"event": "{protected_change}"}, ADMINS),
    change("put-back", COLLECTION | {"event": "{protected_change}"}, ADMINS, {"confirmed": "yes"}),
    change("edit-card", COLLECTION, MEMBERS, {"description": "Of animals."}),
    change("collection-tags", COLLECTION, MEMBERS, {"name": "zoo"}),
    change("collection-tags", COLLECTION, MEMBERS, {"removed": "animals"}),
    read("delete-collection", CATS, MEMBERS),
    change("delete-collection", CATS, MEMBERS),
    read("delete-collection", COLLECTION, ADMINS),
    change("delete-collection", COLLECTION, ADMINS),
    read("link-version", COLLECTION, MEMBERS),
    change("link-version", COLLECTION, READ_THE_SOURCE, {"source": "{source}"}, guest=422),
    change(
        "link-version",
        COLLECTION,
        ADMINS,
        {"source": "{source}", "aliases": "production"},
        guest=422,
        # It is on another version: they are asked first.
        org_admin=200,
        admin=200,
    ),
    Row("alias", judged(SEE, 302), COLLECTION | {"alias": "production"}),
    # A version
    read("version", CUSTOM),
    change("add-aliases", CUSTOM, MEMBERS, {"name": "tuned"}),
    change("add-aliases", PROTECTED, MEMBERS, {"alias": "candidate"}),
    change("add-aliases", CUSTOM, ADMINS, {"alias": "production", "confirmed": "yes"}),
    change("remove-aliases", CUSTOM, MEMBERS, {"alias": "candidate"}),
    change("remove-aliases", PROTECTED, ADMINS, {"alias": "production", "confirmed": "yes"}),
    read("alias-options", CUSTOM),
    Row("confirm-alias", dict.fromkeys(PERSONAS, HIDDEN) | {ANONYMOUS: SIGN_IN}, CUSTOM),
    read("confirm-alias", CUSTOM, ADMINS, "?alias=production"),
    read("confirm-alias", CUSTOM, MEMBERS, "?deed=remove&alias=candidate"),
    read("confirm-alias", PROTECTED, ADMINS, "?deed=remove&alias=production"),
    change("version-tags", CUSTOM, MEMBERS, {"name": "zoo"}),
    change("version-tags", PROTECTED, ADMINS, {"name": "zoo"}),
    change("version-description", CUSTOM, MEMBERS, {"description": "Better."}),
    change("version-description", PROTECTED, ADMINS, {"description": "Better."}),
    change("version-metadata", CUSTOM, MEMBERS, {"metadata": '{"rows": 101}'}),
    change("version-metadata", PROTECTED, ADMINS, {"metadata": '{"rows": 101}'}),
    read("unlink-version", CUSTOM, MEMBERS),
    change("unlink-version", CUSTOM, MEMBERS),
    read("unlink-version", PROTECTED, ADMINS),
    change("unlink-version", PROTECTED, ADMINS),
    read("download-version", CUSTOM, VIEWERS),
    read("download-file", CUSTOM | {"file": "zoo.csv"}, VIEWERS),
    read("view-file", CUSTOM | {"file": "zoo.csv"}, VIEWERS),
    # A table is no picture: nothing is there for whoever may open it.
    Row(
        "file-image",
        judged(VIEWERS, 404),
        CUSTOM | {"file": "zoo.csv"},
    ),
    read("lineage", CUSTOM),
    *PROJECT_ROWS,
    *AUTOMATION_ROWS,
    *PEOPLE,
)
