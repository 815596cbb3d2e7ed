"""What is to be sent, was sent, and what came back."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Entity, User
from artifacts.models import Project
from automations.models.automations import Automation
from automations.models.integrations import Integration
from registries.models import Event


def new_key() -> str:
    return uuid.uuid4().hex


class Happening(models.Model):
    """An event that started automations, with the facts their messages tell of.

    Written in the transaction of the change; what it tells of may be gone when it is sent.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=24, help_text="`type` of the default body")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="happenings")
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """One message of one automation about one happening: the outbox.

    `lease` names the worker that has it in hand until `leased_until`. Of the pending ones of
    one automation and integration with the same `order_key`, the later waits for the earlier.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Dead"
        CANCELLED = "cancelled", "Cancelled"
        NOTHING = "nothing", "Nothing to send"

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="deliveries")
    automation = models.ForeignKey(Automation, on_delete=models.PROTECT, related_name="deliveries")
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    alias = models.CharField(max_length=128, blank=True)
    order_key = models.CharField(max_length=160, blank=True, help_text="empty is any order")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    note = models.TextField(blank=True, help_text="why it is in this state, for people")
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempt_count = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="attempts since it was queued; sending again begins anew"
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["happening", "automation"], name="delivery_once_for_an_automation"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="pending"),
                name="delivery_due",
            ),
            models.Index(
                fields=["automation", "order_key", "id"],
                condition=models.Q(state="pending"),
                name="delivery_in_order",
            ),
            models.Index(fields=["project", "-id"], name="delivery_of_project"),
            models.Index(fields=["automation", "-id"], name="delivery_of_automation"),
        ]

    def __str__(self) -> str:
        return self.webhook_id

    @property
    def webhook_id(self) -> str:
        """The same on every attempt: by it a receiver knows a message it has had."""
        return f"msg_{self.happening.key}_{self.automation_id}"


class DeliveryAttempt(models.Model):
    """One request and its answer, secrets masked."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField(default=0)
    request_url = models.TextField(blank=True)
    request_headers = models.JSONField(default=dict)
    request_body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP; none without an answer")
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True, help_text="the first 4 kB")
    error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["delivery", "number"], name="attempt_in_order")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"


class Note(models.Model):
    """Something an admin should look at: messages that died, an integration switched off."""

    class Kind(models.TextChoices):
        DEAD = "dead", "A message was given up"
        SWITCHED_OFF = "switched_off", "An integration was switched off"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="notes")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="notes")
    automation = models.ForeignKey(
        Automation, on_delete=models.PROTECT, null=True, related_name="notes"
    )
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, related_name="notes"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    count = models.PositiveIntegerField(default=1, help_text="how often since it was dismissed")
    at = models.DateTimeField(default=timezone.now, help_text="of the last time")
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["project"],
                condition=models.Q(dismissed_at=None),
                name="note_of_project",
            ),
            models.Index(
                fields=["entity"],
                condition=models.Q(dismissed_at=None),
                name="note_of_entity",
            ),
        ]

    def __str__(self) -> str:
        return self.text
