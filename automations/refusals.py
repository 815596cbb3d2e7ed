"""Why a message is not sent that was meant to be: what it told of, its automation or its receiver
changed since. Asked before each attempt, and by whoever sends one again."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import F, Q

from accounts.models import Entity
from automations.models import Automation, Delivery, Integration
from automations.permissions import may_be_told


class Reason(NamedTuple):
    """`code` is for programs."""

    code: str
    sentence: str


# The same as `reason_against`, of many: all but whether a person sees what a message tells of.
MEANT_AS_IT_IS = (
    Q(automation__project=F("project"), automation__action=F("integration__kind"))
    & Q(integration__deleted_at=None, integration__switched_off_at=None)
    & (
        ~Q(integration__entity__kind=Entity.Kind.PERSON)
        | Q(integration=F("automation__integration"))
    )
)


def reason_against(delivery: Delivery) -> Reason | None:
    """None when it may be sent."""
    integration, automation = delivery.integration, delivery.automation
    if integration is None:
        return Reason("nothing_to_send", "There is nothing to send: it has no integration.")
    if integration.deleted_at is not None:
        return Reason("nothing_to_send", f"{integration.name} was deleted.")
    if integration.is_off:
        because = integration.switched_off_because
        return Reason("switched_off", f"{integration.name} is switched off: {because}")
    return (
        _of_home(delivery)
        or _of_action(automation, integration)
        or _of_owner(automation, integration)
        or _of_sight(delivery, integration)
    )


def _of_home(delivery: Delivery) -> Reason | None:
    """Its name and words are for those who see where it is now."""
    if delivery.automation.project_id == delivery.project_id:
        return None
    return Reason(
        "automation_moved",
        "Its automation moved elsewhere, and tells nothing more of what happened here.",
    )


def _of_action(automation: Automation, integration: Integration) -> Reason | None:
    """What is written for a webhook is nothing for a Slack channel."""
    sentences = {
        Automation.Action.NOTHING: "The automation sends nothing any more.",
        Automation.Action.SLACK: "The automation tells a Slack channel now, and not the webhook "
        f"{integration.name}.",
        Automation.Action.WEBHOOK: "The automation calls a webhook now, and not the channel "
        f"{integration.name}.",
    }
    if str(automation.action) == str(integration.kind):
        return None
    return Reason("action_changed", sentences[Automation.Action(automation.action)])


def _of_owner(automation: Automation, integration: Integration) -> Reason | None:
    """What a person's own integration is called with, with that person's secrets, is that
    person's: once it is not the automation's any more, others may have changed the words."""
    owner = integration.entity
    if owner.kind != Entity.Kind.PERSON or automation.integration_id == integration.pk:
        return None
    return Reason(
        "integration_changed",
        f"The automation no longer calls {integration.name}, which belongs to {owner.name}.",
    )


def _of_sight(delivery: Delivery, integration: Integration) -> Reason | None:
    if may_be_told(integration, delivery.project):
        return None
    return Reason("not_told", unseen_by(integration.entity.name))


def unseen_by(name: str) -> str:
    return f"{name} no longer sees what this tells of."
