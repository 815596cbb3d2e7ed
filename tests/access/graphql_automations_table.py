"""The rows of automations and integrations at `/graphql`."""

from __future__ import annotations

from tests.access.graphql_rows import mutation, portfolio
from tests.access.operation_table import ORGANIZATION_ADMINS, PROJECT_WRITERS, REGISTRY_MEMBERS
from wandb_api.identifiers import encode

NOTHING = {
    "name": "n",
    "enabled": True,
    "eventFilter": '{"$or":[{"$and":[]}]}',
    "triggeringEventType": "ADD_ARTIFACT_ALIAS",
    "triggeredActionType": "NO_OP",
    "triggeredActionConfig": {"noOpActionInput": {"noOp": True}},
}

AUTOMATIONS = [
    mutation(
        "createFilterTrigger",
        "on a registry",
        REGISTRY_MEMBERS,
        "trigger { id }",
        lambda s: NOTHING | {"scopeType": "PROJECT", "scopeID": encode("Project", s.registry.pk)},
    ),
    mutation(
        "createFilterTrigger",
        "on a collection",
        REGISTRY_MEMBERS,
        "trigger { id scope { ... on ArtifactPortfolio { name } } }",
        lambda s: NOTHING | {"scopeType": "ARTIFACT_COLLECTION", "scopeID": portfolio(s.custom)},
    ),
    mutation(
        "createFilterTrigger",
        "on a project",
        PROJECT_WRITERS,
        "trigger { id }",
        lambda s: NOTHING | {"scopeType": "PROJECT", "scopeID": encode("Project", s.project.pk)},
    ),
    mutation(
        "updateFilterTrigger",
        "of a collection",
        REGISTRY_MEMBERS,
        "trigger { name }",
        lambda s: {"id": encode("Trigger", s.quiet.pk), "name": "n"},
    ),
    mutation(
        "deleteTrigger",
        "of a registry",
        REGISTRY_MEMBERS,
        "success",
        lambda s: {"triggerID": encode("Trigger", s.automation.pk)},
    ),
    mutation(
        "createGenericWebhookIntegration",
        "of the organization",
        ORGANIZATION_ADMINS,
        "integration { id }",
        lambda s: {"entityName": "smle-reg", "name": "n", "urlEndpoint": "http://n.invalid/"},
    ),
]
