"""Webhooks and Slack channels of an entity."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import Conflict, Invalid, NotFound
from accounts.models import Entity
from automations.encryption import encrypt
from automations.fingerprints import edited_in_integration
from automations.models import Integration, Secret
from automations.operations.deliveries import give_up_all
from automations.operations.notes import drop_notes
from automations.operations.secrets import hold_secrets_of_webhook
from automations.outbound.guard import check_when_saving
from automations.permissions import require_management
from registries.operations.seen import refuse_unseen

LONGEST_NAME = 128
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
MOST_HEADERS = 20
# What the message and the connection say themselves.
OWN_HEADERS = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
        "x-hub-signature-256",
        "x-wandb-signature",
    }
)


# Of an integration at a new address.
NOT_FAILED_YET: Mapping[str, None] = {"failing_since": None, "slow_until": None}


@dataclass(frozen=True)
class Saved:
    """`warning` is a sentence about the URL, or ""."""

    integration: Integration
    warning: str = ""


def create_webhook(
    by: Caller,
    entity: Entity,
    name: str,
    url: str,
    *,
    access_token: Secret | None = None,
    signing_secret: Secret | None = None,
    headers: Mapping[str, str] | None = None,
    signature_encoding: str = Integration.SignatureEncoding.BASE64,
) -> Saved:
    """A place to send requests to. The URL is judged, and looked up, before it is kept."""
    require_management(by, entity)
    _judge_name(name)
    _judge_encoding(signature_encoding)
    _, warning = check_when_saving(url)
    return Saved(
        _create(
            by,
            entity,
            kind=Integration.Kind.WEBHOOK,
            name=name,
            url=url,
            access_token=access_token,
            signing_secret=signing_secret,
            headers_ciphertext=_encrypted(headers or {}),
            signature_encoding=signature_encoding,
        ),
        warning,
    )


def edit_webhook(
    by: Caller, webhook: Integration, *, seen: str | None = None, **changes: Any
) -> Saved:
    """Changes the columns named: name, url, access_token, signing_secret, headers,
    signature_encoding. A new URL is judged and looked up like the first, and knows nothing of
    the failures of the one before.

    `seen` is the fingerprint of what the caller was shown: Conflict when it is another by now.
    """
    require_management(by, webhook.entity)
    _judge_changes(changes)
    warning = ""
    if changes.get("url", webhook.url) != webhook.url:
        _, warning = check_when_saving(changes["url"])
        changes |= NOT_FAILED_YET
    if "headers" in changes:
        changes["headers_ciphertext"] = _encrypted(changes.pop("headers"))
    return Saved(_change(by, webhook, changes, seen), warning)


def create_slack_channel(
    by: Caller, entity: Entity, channel: str, url: str, *, workspace: str = ""
) -> Saved:
    """A channel, by the address of its incoming webhook, which nobody can read again."""
    require_management(by, entity)
    _judge_name(channel)
    _judge_workspace(workspace)
    _, warning = check_when_saving(url)
    created = _create(
        by,
        entity,
        kind=Integration.Kind.SLACK,
        name=channel,
        workspace=workspace,
        url_ciphertext=encrypt(url),
    )
    return Saved(created, warning)


def edit_slack_channel(
    by: Caller,
    slack: Integration,
    *,
    channel: str | None = None,
    url: str | None = None,
    workspace: str | None = None,
    seen: str | None = None,
) -> Saved:
    """Changes what is given; None is unchanged. `seen` is that of `edit_webhook`."""
    require_management(by, slack.entity)
    changes: dict[str, Any] = {}
    warning = ""
    if channel is not None:
        _judge_name(channel)
        changes["name"] = channel
    if workspace is not None:
        _judge_workspace(workspace)
        changes["workspace"] = workspace
    if url:
        _, warning = check_when_saving(url)
        changes |= {"url_ciphertext": encrypt(url), **NOT_FAILED_YET}
    return Saved(_change(by, slack, changes, seen), warning)


@transaction.atomic
def delete_integration(by: Caller, integration: Integration) -> None:
    """Refused while an automation uses it. What it sent stays in the log, and what waited for it
    is given up."""
    held = hold_integration(by, integration)
    using = held.automations.filter(deleted_at=None).order_by("name").first()
    if using is not None:
        raise Conflict(
            "integration_in_use",
            f"The automation “{using.name}” uses {held.name}. Change it first.",
        )
    held.deleted_at = timezone.now()
    held.save(update_fields=["deleted_at"])
    give_up_all(held)
    drop_notes(by, integration=held)


@transaction.atomic
def switch_on(by: Caller, integration: Integration) -> Integration:
    """Sends again after it was switched off. What died meanwhile is sent again by hand."""
    held = hold_integration(by, integration)
    held.switched_off_at = held.failing_since = held.slow_until = None
    held.switched_off_because = ""
    held.save(
        update_fields=["switched_off_at", "switched_off_because", "failing_since", "slow_until"]
    )
    drop_notes(by, integration=held)
    return held


@transaction.atomic
def switch_off(by: Caller, integration: Integration) -> Integration:
    """Sends nothing until it is switched on again; what waited is given up."""
    held = hold_integration(by, integration)
    if not held.is_off:
        held.switched_off_at = timezone.now()
        held.switched_off_because = f"Switched off by {by.user.username}."
        held.save(update_fields=["switched_off_at", "switched_off_because"])
        give_up_all(held)
    return held


def hold_integration(by: Caller, integration: Integration) -> Integration:
    """Locked and judged anew; NotFound when it is deleted."""
    held = (
        Integration.objects.select_for_update(of=("self",))
        .select_related("entity")
        .filter(pk=integration.pk, deleted_at=None)
        .first()
    )
    if held is None:
        raise NotFound
    require_management(by, held.entity)
    return held


@transaction.atomic
def _create(by: Caller, entity: Entity, **columns: Any) -> Integration:
    columns |= _held_secrets(entity, columns)
    try:
        with transaction.atomic():
            return Integration.objects.create(entity=entity, created_by=by.user, **columns)
    except IntegrityError as error:
        raise _taken(entity, columns["name"]) from error


@transaction.atomic
def _change(
    by: Caller, integration: Integration, changes: dict[str, Any], seen: str | None
) -> Integration:
    # Secrets before integrations, as whoever deletes a secret locks them.
    changes |= _held_secrets(integration.entity, changes)
    held = hold_integration(by, integration)
    before = edited_in_integration(held)
    for column, value in changes.items():
        setattr(held, column, value)
    what = "webhook" if held.kind == Integration.Kind.WEBHOOK else "Slack channel"
    refuse_unseen(what, before, seen, edited_in_integration(held))
    try:
        with transaction.atomic():
            held.save(update_fields=list(changes))
    except IntegrityError as error:
        raise _taken(held.entity, held.name) from error
    return held


def _held_secrets(entity: Entity, columns: Mapping[str, Any]) -> dict[str, Secret | None]:
    named = {name: columns[name] for name in ("access_token", "signing_secret") if name in columns}
    return hold_secrets_of_webhook(entity, named)


def _taken(entity: Entity, name: str) -> Conflict:
    return Conflict(
        "integration_exists", f"{entity.name} has an integration “{name}” already.", field="name"
    )


def _judge_changes(changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        _judge_name(changes["name"])
    if "signature_encoding" in changes:
        _judge_encoding(changes["signature_encoding"])


def _judge_name(name: str) -> None:
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(
            "integration_name",
            "A name has 1 to 128 characters, no control characters, no space at its ends.",
            field="name",
        )


def _judge_workspace(name: str) -> None:
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            "workspace", "A workspace’s name has at most 128 characters.", field="workspace"
        )


def _judge_encoding(encoding: str) -> None:
    if encoding not in Integration.SignatureEncoding.values:
        raise Invalid("signature_encoding", "Choose base64 or hex.", field="signature_encoding")


def _encrypted(headers: Mapping[str, str]) -> str:
    if len(headers) > MOST_HEADERS:
        raise Invalid("headers", "A webhook has at most 20 headers of its own.", field="headers")
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
            raise Invalid("headers", f"“{name[:64]}” cannot be a header.", field="headers")
        if len(value) > 2_000 or not value.isascii() or not value.isprintable():
            raise Invalid(
                "headers",
                f"The value of {name} has at most 2,000 letters that headers carry.",
                field="headers",
            )
    return encrypt(json.dumps(dict(headers))) if headers else ""
