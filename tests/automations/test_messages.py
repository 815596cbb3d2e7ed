"""The default body of every event, against its schema."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as site
from jsonschema import Draft202012Validator

from artifacts.operations.runs import finish_run, start_run, upsert_run
from automations.actions import CallWebhook
from automations.kinds import OF_RUNS, EventKind
from automations.models import Delivery
from automations.operations.automations import create_automation
from registries.models import Version
from registries.operations.aliases import remove_aliases
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.versions import unlink_version
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.things import link, log, put

SCHEMA = json.loads((site.BASE_DIR / "docs/schemas/webhook-body-1.json").read_text())

LOSS_BELOW = json.dumps(
    {"run_metric_filter": {"threshold_filter": {"name": "loss", "cmp_op": "$lt", "threshold": 0.1}}}
)


@pytest.fixture
def bodies(webhook, version, second_version, project, source, registry, member, receiver):
    """Type → what was sent of it, after everything that can happen has."""
    by = caller_of(member)
    for kind in EventKind:
        scope = registry.project
        if kind == EventKind.ARTIFACT_CREATED:
            scope = source.collection
        elif kind in OF_RUNS:
            scope = project
        wanted = LOSS_BELOW if kind == EventKind.RUN_METRIC else ""
        create_automation(by, scope, kind.label, kind, CallWebhook(webhook), filter=wanted)
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    remove_aliases(by, second_version, ["candidate"])
    edit_version(by, version, add_tags=["zoo"])
    edit_version(by, version, remove_tags=["zoo"])
    edit_collection(by, version.collection, add_tags=["zoo"])
    edit_collection(by, version.collection, remove_tags=["zoo"])
    third = log(member, project, "third")
    link(member, third.artifact, registry)
    unlink_version(by, Version.objects.get(collection=version.collection, number=2))
    run = start_run(by, project)
    upsert_run(by, project, run.name, summary={"loss": 0.05})
    finish_run(by, run)
    deliver()
    found = [json.loads(got.body) for got in receiver.got]
    return {body["type"]: body for body in found if body["data"]["alias"] != "latest"}


def test_every_default_body_is_what_the_schema_says(bodies):
    assert set(bodies) == set(EventKind.values)
    Draft202012Validator.check_schema(SCHEMA)
    judge = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    faults = {kind: list(judge.iter_errors(body)) for kind, body in bodies.items()}
    assert {kind: found for kind, found in faults.items() if found} == {}
    assert set(SCHEMA["properties"]["type"]["enum"]) == set(EventKind.values)


def test_a_moved_alias_names_both_versions(bodies):
    told = bodies["alias.moved"]["data"]
    assert (told["version"]["name"], told["previous_version"]["name"]) == ("v1", "v0")
    assert told["version"]["url"].endswith(
        "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v1"
    )


def test_a_removed_alias_names_the_version_it_was_on(bodies):
    told = bodies["alias.removed"]["data"]
    assert (told["version"]["number"], told["previous_version"]) == (1, None)


def test_a_metric_is_told_with_its_value(bodies):
    told = bodies["run.metric"]["data"]
    assert told["metric"] == {"name": "loss", "value": 0.05}
    assert told["run"]["state"] == "running"


def test_an_unlinked_version_is_still_told_of(bodies):
    assert bodies["version.unlinked"]["data"]["version"]["digest"]
    assert not Delivery.objects.exclude(state="delivered").exists()
