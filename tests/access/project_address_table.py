"""Who gets what at the addresses of projects, runs and what stands in them.

`zoo_experiment` belongs to the team, which everybody in READ_THE_SOURCE may write to and nobody
else sees. Its `zoo_dataset` has v0 and v1, linked into registries, and v2, which is linked nowhere;
`picks` is a portfolio with v0.
"""

from __future__ import annotations

from tests.access.address_rows import (
    ANONYMOUS,
    MAY_CREATE_REGISTRIES,
    READ_THE_SOURCE,
    SEE,
    SIGN_IN,
    Row,
    judged,
)
from tests.personas import PERSONAS

HOME = {"organization": "smle-reg"}
PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
RUN = PROJECT | {"run": "brisk-heron"}
UPLOAD = PROJECT | {"upload": 1}
SEQUENCE = PROJECT | {"collection": "zoo_dataset"}
PORTFOLIO = PROJECT | {"collection": "picks"}
LOGGED = SEQUENCE | {"number": 2}
LINKED = PORTFOLIO | {"number": 0}
PRINTED = {"type": "dataset", "collection": "zoo_dataset"}
IN_THE_TEAM = READ_THE_SOURCE
SCRIPT = {ANONYMOUS: 401}


def seen(name, at, query=""):
    return Row(name, judged(IN_THE_TEAM, 200, seen_by=IN_THE_TEAM), at, query=query)


def led_on(name, at, who=IN_THE_TEAM):
    return Row(name, judged(who, 302, seen_by=who), at)


def done(name, at, body=None, **instead):
    return Row(
        name, judged(IN_THE_TEAM, 303, seen_by=IN_THE_TEAM) | instead, at, "POST", body or {}
    )


def hidden(status):
    """What the team asks for is not there; for the others neither is the project."""
    return (
        dict.fromkeys(PERSONAS, "hidden")
        | dict.fromkeys(IN_THE_TEAM, status)
        | {ANONYMOUS: SIGN_IN}
    )


def everybody(outcome):
    return dict.fromkeys(PERSONAS, outcome) | {ANONYMOUS: SIGN_IN}


PROJECT_ROWS = (
    Row("storage", judged(MAY_CREATE_REGISTRIES | {"org_viewer"}, 200, seen_by=frozenset()), HOME),
    Row("projects", everybody(200)),
    Row("create-project", everybody(200)),
    Row(
        "create-project",
        everybody(422) | dict.fromkeys(IN_THE_TEAM, 303),
        method="POST",
        body={"owner": "smle-reg-team-2", "name": "second"},
    ),
    seen("project", PROJECT),
    seen("project-history", PROJECT),
    seen("export-project-history", PROJECT),
    Row("delete-project", judged({"org_admin"}, 200, seen_by=IN_THE_TEAM), PROJECT),
    Row(
        "delete-project",
        judged({"org_admin"}, 422, seen_by=IN_THE_TEAM),
        PROJECT,
        "POST",
        {"confirmed_name": "another"},
    ),
    # Upload: without files nothing comes of it, but whoever may not write is not even told so.
    seen("upload", PROJECT),
    done("upload", PROJECT, {"name": "weights"}, **dict.fromkeys(IN_THE_TEAM, 422)),
    # Its script is told that nobody is signed in: it could not follow to the page for that.
    done("begin-upload", PROJECT, **dict.fromkeys(IN_THE_TEAM, 422) | SCRIPT),
    Row("upload-file", hidden(404) | SCRIPT, UPLOAD | {"file": 1}),
    done("finish-upload", UPLOAD, **dict.fromkeys(IN_THE_TEAM, 404) | SCRIPT),
    done("cancel-upload", UPLOAD, **dict.fromkeys(IN_THE_TEAM, 404) | SCRIPT),
    seen("runs", PROJECT),
    seen("run", RUN),
    seen("download-run-file", RUN | {"file": "output.log"}),
    seen("project-create-collection", PROJECT),
    done("project-create-collection", PROJECT, {"name": "finds", "type": "model"}),
    seen("project-link-version-anywhere", PROJECT),
    done("project-link-version-anywhere", PROJECT, {"source": "{source}", "collection": "finds"}),
    # A collection
    seen("project-collection", SEQUENCE),
    seen("project-collection", PORTFOLIO),
    seen("project-collection-history", SEQUENCE),
    seen("project-export-collection-history", SEQUENCE),
    seen("project-put-back", SEQUENCE | {"event": "{logged_change}"}),
    done("project-put-back", SEQUENCE | {"event": "{logged_change}"}),
    done("project-edit-card", SEQUENCE, {"description": "Of animals."}),
    done("project-collection-tags", SEQUENCE, {"name": "zoo"}),
    seen("project-delete-collection", PORTFOLIO),
    done("project-delete-collection", PORTFOLIO),
    seen("project-link-version", PORTFOLIO),
    done("project-link-version", PORTFOLIO, {"source": "{source}"}),
    led_on("project-alias", SEQUENCE | {"alias": "latest"}),
    # A version
    seen("project-version", LOGGED),
    seen("project-version", LINKED),
    done("project-add-aliases", LOGGED, {"name": "tuned"}),
    done("project-remove-aliases", LOGGED, {"alias": "latest"}),
    seen("project-alias-options", LOGGED),
    Row("project-confirm-alias", everybody("hidden"), LOGGED),
    seen("project-confirm-alias", LOGGED, "?alias=candidate"),
    done("project-version-tags", LOGGED, {"name": "zoo"}),
    done("project-version-description", LOGGED, {"description": "Better."}),
    done("project-version-metadata", LOGGED, {"metadata": '{"rows": 101}'}),
    seen("project-unlink-version", LINKED),
    done("project-unlink-version", LINKED),
    seen("project-download-version", LOGGED),
    seen("project-view-file", LOGGED | {"file": "zoo.csv"}),
    Row("project-file-image", hidden(404), LOGGED | {"file": "zoo.csv"}),
    seen("project-lineage", LOGGED),
    seen("project-download-file", LOGGED | {"file": "zoo.csv"}),
    seen("delete-version", LOGGED),
    done("delete-version", LOGGED, {"aliases": "yes"}),
    seen("delete-version", SEQUENCE | {"number": 0}),
    # It is linked where a protected alias is on it.
    done("delete-version", SEQUENCE | {"number": 0}, **dict.fromkeys(IN_THE_TEAM, 403)),
    seen("delete-artifact", SEQUENCE),
    done("delete-artifact", SEQUENCE, **dict.fromkeys(IN_THE_TEAM, 403)),
    # As the SDK prints them
    led_on("sdk-entity", {"entity": "smle-reg-team-2"}),
    led_on("sdk-project", PROJECT | {"page": "workspace"}),
    led_on("sdk-run", RUN | {"page": "overview"}),
    led_on("sdk-collection", PROJECT | PRINTED),
    led_on("sdk-version", PROJECT | PRINTED | {"reference": "v2"}),
    led_on("sdk-version", PROJECT | PRINTED | {"reference": "latest"}),
    led_on("sdk-registry", {"entity": "smle-reg", "registry": "model"}, SEE),
    led_on("sdk-home", {"entity": "smle-reg", "registry": "Model"}, SEE),
)
