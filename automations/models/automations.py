"""What happens after: an event in a scope starts an action."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Entity, User
from artifacts.models import Project
from automations.kinds import EventKind
from automations.models.integrations import Integration
from registries.models import Collection


class Automation(models.Model):
    """`entity` is the one its home belongs to: names are unique there.

    A deleted one stays for the deliveries that tell of it; so does one whose home is gone.
    """

    class Scope(models.TextChoices):
        REGISTRY = "registry", "Registry"
        PROJECT = "project", "Project"
        COLLECTION = "collection", "Collection"

    class Action(models.TextChoices):
        WEBHOOK = "webhook", "Webhook"
        SLACK = "slack", "Slack"
        NOTHING = "nothing", "Nothing"

    class Severity(models.TextChoices):
        INFO = "INFO", "Info"
        WARN = "WARN", "Warning"
        ERROR = "ERROR", "Error"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="automations")
    name = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001 null and "" differ
    enabled = models.BooleanField(default=True)
    scope = models.CharField(max_length=10, choices=Scope)
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, related_name="automations"
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, blank=True, related_name="automations"
    )
    event_kind = models.CharField(max_length=24, choices=EventKind)
    filter = models.TextField(blank=True, help_text="JSON as it was given; empty is any")
    action = models.CharField(max_length=7, choices=Action)
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, blank=True, related_name="automations"
    )
    template = models.TextField(blank=True, help_text="JSON of a webhook; empty is the default")
    title = models.CharField(max_length=256, blank=True, help_text="of a Slack message")
    message = models.TextField(blank=True, help_text="of a Slack message")
    severity = models.CharField(max_length=5, choices=Severity, default=Severity.INFO)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "name"],
                condition=models.Q(deleted_at=None),
                name="automation_name_unique",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="automation_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(action="nothing", integration=None)
                | ~models.Q(action="nothing") & models.Q(integration__isnull=False),
                name="automation_has_an_integration",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "event_kind"],
                condition=models.Q(deleted_at=None, enabled=True),
                name="automation_listening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def texts(self) -> tuple[str, str, str]:
        """Those that may name variables."""
        return self.template, self.title, self.message
