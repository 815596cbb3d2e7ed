"""A delivery turned into the request of its channel."""

from __future__ import annotations

from automations.actions import Action, CallWebhook, DoNothing, TellSlack
from automations.channels.slack import slack_request
from automations.channels.webhook import webhook_request
from automations.messages import Story
from automations.outbound.requests import Request


def request_of(action: Action, story: Story, message_id: str, timestamp: int) -> Request | None:
    """None for an action that sends nothing."""
    match action:
        case CallWebhook():
            return webhook_request(
                action.integration, action.template, story, message_id, timestamp
            )
        case TellSlack():
            return slack_request(
                action.integration, action.title, action.message, action.severity, story
            )
        case DoNothing():
            return None
