"""Automations, integrations and deliveries, as operators see them. Secrets stay unread."""

from django.contrib import admin
from django.urls import reverse

from accounts.operators import PAGES, OperatorAdmin, operation, register_others
from automations.models import Automation, Delivery, DeliveryAttempt, Integration, Note, Secret
from automations.operations.automations import delete_automation
from automations.operations.integrations import delete_integration, switch_off, switch_on
from automations.operations.secrets import delete_secret
from registries.web_addresses import names_of


def _automation(automation: Automation) -> str:
    """ "" for one that is deleted."""
    is_gone = automation.deleted_at is not None or automation.project_id is None
    return "" if is_gone else reverse("automation", args=[automation.pk])


def _integrations(one: Integration | Secret) -> str:
    return reverse("integrations", args=[one.entity.name])


def _delivery(delivery: Delivery) -> str:
    return reverse("delivery", args=[delivery.pk])


@admin.register(Automation)
class AutomationAdmin(OperatorAdmin):
    search_fields = ("name", "project__name")
    actions = (operation("Delete", delete_automation),)
    named_by = ("project__entity", "project__registry")

    def named(self, automation: Automation) -> str:
        """Its project may be gone."""
        project = automation.project
        place = "/".join(names_of(project)) if project else automation.entity.name
        return f"“{automation}” in {place}"


@admin.register(Integration)
class IntegrationAdmin(OperatorAdmin):
    search_fields = ("name", "workspace", "entity__name")
    actions = (
        operation("Switch off", switch_off),
        operation("Switch on", switch_on),
        operation("Delete", delete_integration),
    )

    def named(self, integration: Integration) -> str:
        return f"“{integration}” of {integration.entity}"


@admin.register(Secret)
class SecretAdmin(OperatorAdmin):
    search_fields = ("name", "entity__name")
    actions = (operation("Delete", delete_secret),)

    def named(self, secret: Secret) -> str:
        return f"“{secret}” of {secret.entity}"


register_others("automations")
PAGES.update(
    {
        Automation: _automation,
        Integration: _integrations,
        Secret: _integrations,
        Delivery: _delivery,
        DeliveryAttempt: lambda attempt: _delivery(attempt.delivery),
        Note: lambda _: reverse("notes"),
    }
)
