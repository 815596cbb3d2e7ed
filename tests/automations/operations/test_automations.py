from __future__ import annotations

import json

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from artifacts.operations.projects import create_project
from automations.actions import CallWebhook, DoNothing, TellSlack, action_of
from automations.models import Automation
from automations.operations.automations import (
    create_automation,
    delete_automation,
    edit_automation,
)
from automations.operations.integrations import create_slack_channel, create_webhook
from tests.personas import caller_of
from tests.refusals import refused

URL = "http://127.0.0.1:9/hook"
FILTER = json.dumps({"$or": [{"$and": [{"alias": {"$regex": "prod.*"}}]}]})


@pytest.fixture
def by(member):
    return caller_of(member)


@pytest.fixture
def home(registry):
    return registry.project


@pytest.fixture
def quiet(by, home) -> Automation:
    return create_automation(by, home, "quiet", "alias.added", DoNothing(), filter=FILTER)


def test_a_name_is_given_once_in_an_entity_and_free_after_deletion(by, home, version, quiet):
    with refused(Conflict, "automation_exists") as refusal:
        create_automation(by, version.collection, "quiet", "alias.added", DoNothing())
    assert refusal.value.status == 409
    delete_automation(by, quiet)
    create_automation(by, version.collection, "quiet", "alias.added", DoNothing())
    with refused(NotFound):
        edit_automation(by, quiet, name="n")
    with refused(NotFound):
        delete_automation(by, quiet)


def test_what_is_not_named_in_an_edit_stays(by, quiet, webhook):
    edit_automation(by, quiet, action=CallWebhook(webhook, '{"a": "${alias}"}'))
    edited = edit_automation(by, quiet, description="")
    assert (edited.filter, edited.description) == (FILTER, "")
    assert action_of(edited) == CallWebhook(webhook, '{"a": "${alias}"}')
    edited = edit_automation(by, quiet, enabled=False)
    assert (edited.description, edited.enabled) == ("", False)


def test_what_is_written_again_as_it_is_is_no_change(by, member, admin, home, webhook):
    """Scripts send all that they have read: others may switch off what calls a person's own."""
    own = create_webhook(caller_of(admin), admin.entity, "own", URL).integration
    action = CallWebhook(own, '{"a": "${alias}"}')
    made = create_automation(
        caller_of(admin), home, "n", "alias.added", action, filter=FILTER, description="d"
    )
    same = {"name": "n", "description": "d", "scope": home, "kind": "alias.added"}
    same |= {"filter": FILTER, "action": action}
    assert not edit_automation(by, made, enabled=False, **same).enabled
    for other in (
        {"action": CallWebhook(own)},
        {"action": CallWebhook(webhook, action.template)},
        {"filter": ""},
        {"description": ""},
        {"kind": "alias.moved"},
    ):
        with refused(NotAllowed):
            edit_automation(by, made, **same | other)


@pytest.mark.parametrize("name", ["", " a", "a\nb", "x" * 256])
def test_a_name_that_cannot_be_one_is_refused(by, home, quiet, name):
    with refused(Invalid, "automation_name"):
        create_automation(by, home, name, "alias.added", DoNothing())
    with refused(Invalid, "automation_name"):
        edit_automation(by, quiet, name=name)


def test_combinations_that_make_no_sense_are_refused(by, home, project, source, version):
    cases = [
        (home, "artifact.created"),
        (home, "run.state"),
        (home, "run.metric"),
        (project, "artifact.created"),
        (version.collection, "artifact.created"),
        (version.collection, "run.state"),
        (source.collection, "run.state"),
        (source.collection, "run.metric"),
        (source.collection, "version.linked"),
    ]
    for scope, kind in cases:
        with refused(Invalid, "event_scope"):
            create_automation(by, scope, "n", kind, DoNothing())
    with refused(Invalid, "event_kind"):
        create_automation(by, home, "n", "run.weather", DoNothing())


def test_a_run_automation_is_not_moved_to_a_collection(by, project, source):
    runs = create_automation(by, project, "n", "run.state", DoNothing())
    with refused(Invalid, "event_scope"):
        edit_automation(by, runs, scope=source.collection)


def test_a_filter_that_does_not_fit_the_new_event_is_refused(by, quiet):
    with refused(Invalid, "filter_field"):
        edit_automation(by, quiet, kind="version.tag_added")
    edited = edit_automation(by, quiet, kind="version.tag_added", filter="")
    assert edited.event_kind == "version.tag_added"


def test_an_automation_stays_with_its_entity(by, member, project, quiet, version):
    assert edit_automation(by, quiet, scope=version.collection).scope == "collection"
    own = create_project(by, member.entity, "own")
    with refused(NotAllowed):
        edit_automation(by, quiet, scope=own)


def test_only_integrations_of_the_home_its_organization_or_oneself_are_taken(
    by, home, project, member, admin, org_admin, other_admin, team, webhook
):
    def own(user, entity):
        return create_webhook(caller_of(user), entity, "n", URL).integration

    create_automation(by, home, "organization", "alias.added", CallWebhook(webhook))
    create_automation(by, project, "of the team", "alias.added", CallWebhook(webhook))
    mine = own(member, member.entity)
    create_automation(by, home, "mine", "alias.added", CallWebhook(mine))
    elsewhere = other_admin.organizations.get().entity
    for foreign in (
        own(admin, admin.entity),
        own(other_admin, elsewhere),
        own(org_admin, team.entity),
    ):
        with refused(Invalid, "integration"):
            create_automation(by, home, "n", "alias.added", CallWebhook(foreign))


def test_a_channel_is_not_called_as_a_webhook_nor_a_webhook_as_one(
    by, home, entity, org_admin, webhook
):
    slack = create_slack_channel(caller_of(org_admin), entity, "#a", URL).integration
    for action in (CallWebhook(slack), TellSlack(webhook)):
        with refused(Invalid, "integration"):
            create_automation(by, home, "n", "alias.added", action)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"title": "x" * 257}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"message": "x" * 3_001}, "message"),
        ({"severity": "LOUD"}, "severity"),
        ({"message": "${nonsense}"}, "variable"),
        ({"title": "${ACCESS_TOKEN}"}, "variable"),
    ],
)
def test_a_message_slack_would_not_take_is_refused(by, home, entity, org_admin, options, code):
    slack = create_slack_channel(caller_of(org_admin), entity, "#a", URL).integration
    with refused(Invalid, code):
        create_automation(by, home, "n", "alias.added", TellSlack(slack, **options))


def test_a_template_names_secrets_of_its_webhook_only(by, home, entity, org_admin, webhook):
    bare = create_webhook(caller_of(org_admin), entity, "bare", URL).integration
    template = '{"t": "${CI_TOKEN} ${ACCESS_TOKEN}"}'
    create_automation(by, home, "n", "alias.added", CallWebhook(webhook, template))
    with refused(Invalid, "template"):
        create_automation(by, home, "m", "alias.added", CallWebhook(bare, template))
