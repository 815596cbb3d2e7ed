"""Where messages go, and the secrets that go with them. Both belong to an entity."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Entity, User


class Secret(models.Model):
    """Written once, never shown again. While it is rotated the one before counts as well."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="secrets")
    name = models.CharField(max_length=128)
    ciphertext = models.TextField()
    previous_ciphertext = models.TextField(blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "name"], name="secret_name_unique"),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[A-Za-z0-9_]+$"), name="secret_name_form"
            ),
            models.CheckConstraint(condition=~models.Q(ciphertext=""), name="secret_has_a_value"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rotating(self) -> bool:
        return bool(self.previous_ciphertext)


class Integration(models.Model):
    """A webhook or a Slack channel. A deleted one stays for the deliveries that tell of it."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", "Webhook"
        SLACK = "slack", "Slack channel"

    class SignatureEncoding(models.TextChoices):
        BASE64 = "base64", "base64"
        HEX = "hex", "hex"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="integrations")
    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=128, help_text="of a Slack channel: the channel")
    workspace = models.CharField(max_length=128, blank=True, help_text="of Slack")
    url = models.TextField(blank=True, help_text="of a webhook")
    url_ciphertext = models.TextField(blank=True, help_text="of a Slack channel: it is a secret")
    headers_ciphertext = models.TextField(blank=True, help_text="a JSON object of names")
    access_token = models.ForeignKey(
        Secret, on_delete=models.PROTECT, null=True, blank=True, related_name="token_of"
    )
    signing_secret = models.ForeignKey(
        Secret, on_delete=models.PROTECT, null=True, blank=True, related_name="signs_for"
    )
    signature_encoding = models.CharField(
        max_length=6,
        choices=SignatureEncoding,
        default=SignatureEncoding.BASE64,
        help_text="of X-Wandb-Signature",
    )
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="first failure after the last success"
    )
    slow_until = models.DateTimeField(
        null=True, blank=True, help_text="the receiver asked for a pause"
    )
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_because = models.TextField(blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "kind", "name"],
                condition=models.Q(deleted_at=None),
                name="integration_name_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="")
                & (
                    models.Q(kind="webhook", url_ciphertext="") & ~models.Q(url="")
                    | models.Q(kind="slack", url="") & ~models.Q(url_ciphertext="")
                ),
                name="integration_has_one_address",
            ),
            models.CheckConstraint(
                condition=models.Q(switched_off_at=None, switched_off_because="")
                | models.Q(switched_off_at__isnull=False) & ~models.Q(switched_off_because=""),
                name="integration_is_off_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_off(self) -> bool:
        return self.switched_off_at is not None
