"""The rows of automations, integrations and secrets."""

from __future__ import annotations

from datetime import UTC, datetime

from automations.actions import CallWebhook, DoNothing
from automations.operations import (
    automations,
    deliveries,
    integrations,
    notes,
    secrets,
    trials,
)
from tests.access.operation_table import (
    ANYBODY,
    NOBODY,
    ORGANIZATION_ADMINS,
    PROJECT_WRITERS,
    REGISTRY_ADMINS_ELSE_HIDDEN,
    REGISTRY_MEMBERS,
    Row,
)

REGISTRY_MEMBERS_ELSE_HIDDEN = "✓ ✓ ✓ ✓ | 404 404 | 404 ✓ | 404 404 404"
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
# An integration of a person: only that person changes what goes there.
ITS_OWNER = "✓ 403 403 403 | 403 403 | 403 403 | 404 404 404"

AUTOMATIONS = [
    Row(
        automations.create_automation,
        "on a registry, with a webhook of the organization",
        REGISTRY_MEMBERS,
        lambda by, s: automations.create_automation(
            by, s.registry.project, "n", "alias.added", CallWebhook(s.webhook)
        ),
    ),
    Row(
        automations.create_automation,
        "on a project",
        PROJECT_WRITERS,
        lambda by, s: automations.create_automation(by, s.project, "n", "run.state", DoNothing()),
    ),
    Row(
        automations.edit_automation,
        "of a collection",
        REGISTRY_MEMBERS,
        lambda by, s: automations.edit_automation(by, s.quiet, name="n"),
    ),
    Row(
        automations.edit_automation,
        "that calls somebody’s own webhook",
        ITS_OWNER,
        lambda by, s: automations.edit_automation(by, s.private, kind="alias.moved"),
    ),
    Row(
        automations.edit_automation,
        "that calls somebody’s own webhook: off",
        REGISTRY_MEMBERS,
        lambda by, s: automations.edit_automation(by, s.private, enabled=False),
    ),
    Row(
        automations.delete_automation,
        "of a registry",
        REGISTRY_MEMBERS,
        lambda by, s: automations.delete_automation(by, s.automation),
    ),
    Row(
        deliveries.send_again,
        "of a registry",
        REGISTRY_MEMBERS_ELSE_HIDDEN,
        lambda by, s: deliveries.send_again(by, s.delivery),
    ),
    Row(
        deliveries.send_failed_again,
        "of a registry",
        REGISTRY_MEMBERS,
        lambda by, s: deliveries.send_failed_again(by, s.registry.project, EARLIER),
    ),
    Row(
        trials.try_automation,
        "of a registry",
        REGISTRY_MEMBERS,
        lambda by, s: trials.try_automation(by, s.automation),
    ),
    Row(
        notes.dismiss_note,
        "about a registry",
        REGISTRY_ADMINS_ELSE_HIDDEN,
        lambda by, s: notes.dismiss_note(by, s.note),
    ),
]


INTEGRATIONS = [
    Row(
        integrations.create_webhook,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.create_webhook(
            by, s.organization.entity, "n", "http://n.invalid/"
        ),
    ),
    Row(
        integrations.create_webhook,
        "of one’s own",
        ANYBODY,
        lambda by, s: integrations.create_webhook(by, by.user.entity, "n", "http://n.invalid/"),
    ),
    Row(
        integrations.edit_webhook,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.edit_webhook(by, s.webhook, name="n"),
    ),
    Row(
        integrations.create_slack_channel,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.create_slack_channel(
            by, s.organization.entity, "#n", "http://n.invalid/"
        ),
    ),
    Row(
        integrations.edit_slack_channel,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.edit_slack_channel(by, s.slack, channel="#n"),
    ),
    Row(
        integrations.delete_integration,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.delete_integration(by, s.unused),
    ),
    Row(
        trials.try_integration,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: trials.try_integration(by, s.webhook),
    ),
    Row(
        integrations.switch_off,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.switch_off(by, s.webhook),
    ),
    Row(
        integrations.switch_on,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: integrations.switch_on(by, s.webhook),
    ),
    Row(
        secrets.create_secret,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: secrets.create_secret(by, s.organization.entity, "N", "a new secret"),
    ),
    Row(
        secrets.rotate_secret,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: secrets.rotate_secret(by, s.secret, "another secret"),
    ),
    Row(
        secrets.finish_rotation,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: secrets.finish_rotation(by, s.secret),
    ),
    Row(
        secrets.delete_secret,
        "of the organization",
        ORGANIZATION_ADMINS,
        lambda by, s: secrets.delete_secret(by, s.free_secret),
    ),
    Row(
        secrets.reencrypt_all,
        "all",
        NOBODY,
        lambda by, s: secrets.reencrypt_all(by),  # type: ignore[arg-type]
    ),
]
