"""Automations, integrations and deliveries, as operators see them. Secrets stay unread."""

from django.contrib import admin

from accounts.operators import OperatorAdmin, operation, register_others
from automations.models import Automation, Integration, Secret
from automations.operations.automations import delete_automation
from automations.operations.integrations import delete_integration, switch_off, switch_on
from automations.operations.secrets import delete_secret


@admin.register(Automation)
class AutomationAdmin(OperatorAdmin):
    search_fields = ("name", "project__name")
    actions = (operation("Delete", delete_automation),)


@admin.register(Integration)
class IntegrationAdmin(OperatorAdmin):
    search_fields = ("name", "workspace", "entity__name")
    actions = (
        operation("Switch off", switch_off),
        operation("Switch on", switch_on),
        operation("Delete", delete_integration),
    )


@admin.register(Secret)
class SecretAdmin(OperatorAdmin):
    search_fields = ("name", "entity__name")
    actions = (operation("Delete", delete_secret),)


register_others("automations")
