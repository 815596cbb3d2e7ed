"""What `project.triggers` tells of automations, and to whom."""

from __future__ import annotations

import pytest

from automations.actions import CallWebhook, DoNothing
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret
from tests.personas import caller_of
from wandb_api.identifiers import encode

TRIGGERS = """query ($entity: String!, $project: String!) {
  project(entityName: $entity, name: $project) { triggers { triggeredAction {
    ... on GenericWebhookTriggeredAction { requestPayload integration {
      ... on GenericWebhookIntegration { name urlEndpoint accessTokenRef secretRef }
    } }
  } } }
}"""
TEMPLATE = '{"token": "${CI_TOKEN}"}'


@pytest.fixture
def told(ask, registry, organization, org_admin):
    """What a person is told of an automation with a template and a webhook with two secrets."""
    by, entity = caller_of(org_admin), organization.entity
    webhook = create_webhook(
        by,
        entity,
        "ci",
        "http://receiver.invalid/hooks/path",
        access_token=create_secret(by, entity, "CI_TOKEN", "of the ci"),
        signing_secret=create_secret(by, entity, "CI_SECRET", "to sign with"),
    ).integration
    action = CallWebhook(webhook, TEMPLATE)
    create_automation(by, registry.project, "tell", "alias.added", action)

    def told(user):
        answer = ask(user, TRIGGERS, entity="smle-reg", project="wandb-registry-Model")
        (trigger,) = answer.data["project"]["triggers"]
        action = trigger["triggeredAction"]
        return action["requestPayload"], action["integration"]

    return told


def test_addresses_and_names_of_secrets_are_told_to_who_manages_the_webhook(told, org_admin):
    assert told(org_admin) == (
        TEMPLATE,
        {
            "name": "ci",
            "urlEndpoint": "http://receiver.invalid/hooks/path",
            "accessTokenRef": "CI_TOKEN",
            "secretRef": "CI_SECRET",
        },
    )


@pytest.mark.parametrize(
    ("persona", "template"),
    [
        ("member", TEMPLATE),
        ("guest", TEMPLATE),
        ("viewer", None),
        ("restricted_viewer", None),
    ],
)
def test_who_only_sees_a_webhook_is_told_no_secret_of_it(told, request, persona, template):
    assert told(request.getfixturevalue(persona)) == (
        template,
        {
            "name": "ci",
            "urlEndpoint": "http://receiver.invalid",
            "accessTokenRef": None,
            "secretRef": None,
        },
    )


UPDATE = """mutation ($input: UpdateFilterTriggerInput!) {
  updateFilterTrigger(input: $input) { trigger { name enabled } }
}"""


def test_what_scripts_have_no_name_for_is_refused_before_anything_changes(ask, registry, member):
    by = caller_of(member)
    made = create_automation(by, registry.project, "tell", "alias.removed", DoNothing())
    change = {"id": encode("Trigger", made.pk), "enabled": False}
    answer = ask(member, UPDATE, input=change)
    assert answer.sentence == (
        "“tell” starts when an alias is removed, for which scripts have no name. "
        "Change it in the browser."
    )
    made.refresh_from_db()
    assert made.enabled
    answer = ask(member, UPDATE, input=change | {"triggeringEventType": "ADD_ARTIFACT_ALIAS"})
    assert answer.data["updateFilterTrigger"]["trigger"] == {"name": "tell", "enabled": False}


def test_an_integration_nobody_told_of_is_unknown_to_who_cannot_edit(
    ask, registry, organization, org_admin, restricted_viewer, guest
):
    by, url = caller_of(org_admin), "http://receiver.invalid/"
    webhook = create_webhook(by, organization.entity, "ci", url).integration
    made = create_automation(by, registry.project, "tell", "alias.added", CallWebhook(webhook))
    foreign = create_webhook(by, org_admin.entity, "own", url).integration

    def sentences(user, integration):
        called = {"integrationID": encode("Integration", integration.pk)}
        change = {"id": encode("Trigger", made.pk), "triggeredActionType": "GENERIC_WEBHOOK"}
        change |= {"triggeredActionConfig": {"genericWebhookActionInput": called}}
        return ask(user, UPDATE, input=change).sentences

    unknown = ["There is no integration with this id, or it is not shared with you."]
    assert sentences(restricted_viewer, webhook) == unknown
    assert sentences(guest, foreign) == unknown
    assert sentences(guest, webhook) == []
