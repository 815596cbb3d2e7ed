"""Test: one request at once, whose answer is shown and not kept."""

from __future__ import annotations

import time

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict
from automations.actions import Action, CallWebhook, TellSlack, action_of
from automations.channels.compose import request_of
from automations.channels.webhook import TooLarge
from automations.facts import known_facts, sample_facts
from automations.kinds import EventKind
from automations.messages import Story
from automations.models import Automation, Delivery, DeliveryAttempt, Integration
from automations.models.deliveries import new_key
from automations.operations.automations import hold_automation
from automations.operations.integrations import hold_integration
from automations.operations.results import Result, attempt_of
from automations.outbound.client import send
from automations.permissions import may_be_told


def try_integration(by: Caller, integration: Integration) -> DeliveryAttempt:
    """Sends a sample to a webhook or Slack channel, for those who manage it.

    Answers an attempt that is in no table. May take 15 seconds.
    """
    with transaction.atomic():
        held = hold_integration(by, integration)
    action: Action = (
        CallWebhook(held)
        if held.kind == Integration.Kind.WEBHOOK
        else TellSlack(held, title="A test from Waymark", message="This channel works.")
    )
    story = Story("alias.added", sample_facts(), None, "Test", EventKind.ALIAS_ADDED)
    return _tried(action, story)


def try_automation(by: Caller, automation: Automation) -> DeliveryAttempt:
    """Sends what the automation would, with the last real event or a sample. Conflict where it
    would not be sent, because the owner of the integration does not see the home."""
    with transaction.atomic():
        held = hold_automation(by, automation)
    integration = held.integration
    if integration is not None and not may_be_told(integration, held.project):
        raise Conflict(
            "not_told",
            f"{integration.entity.name} no longer sees what this tells of: nothing is sent to "
            f"{integration.name}. Switch the automation off, or delete it.",
        )
    return _tried(action_of(held), story_to_show(held))


def story_to_show(automation: Automation) -> Story:
    """The last happening of the automation in its home; a sample before the first."""
    told = automation.deliveries.filter(project=automation.project)
    last = told.select_related("happening").order_by("-pk").first()
    if last is not None:
        last.happening.facts = known_facts(last.happening, automation.texts)
        return Story.of(last.happening, automation)
    kind = EventKind(automation.event_kind)
    facts = sample_facts(automation.collection, kind)
    return Story(kind, facts, automation.pk, automation.name, kind)


def _tried(action: Action, story: Story) -> DeliveryAttempt:
    key = f"msg_test_{new_key()}"
    try:
        request = request_of(action, story, key, int(time.time()))
    except TooLarge as error:
        raise Conflict("body_size", str(error)) from error
    if request is None:
        raise Conflict("nothing_to_send", "This automation does nothing: there is nothing to try.")
    at = timezone.now()
    answer = send(request)
    return attempt_of(Result(Delivery(), "", at, request, answer))
