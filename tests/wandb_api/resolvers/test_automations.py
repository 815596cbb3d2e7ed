"""What `project.triggers` tells of automations, and to whom."""

from __future__ import annotations

import pytest

from automations.actions import CallWebhook
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret
from tests.personas import caller_of

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
