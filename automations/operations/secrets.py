"""Secrets of an entity: written once, rotated, never read back."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Entity
from automations.encryption import decrypt, encrypt, rotate
from automations.models import Integration, Secret
from automations.permissions import require_management
from automations.signing import STANDARD_PREFIX
from automations.templates import ACCESS_TOKEN, VARIABLES

NAME_FORM = re.compile(r"[A-Za-z0-9_]{1,128}")
SHORTEST, LONGEST = 8, 4_096  # characters


def create_secret(by: Caller, entity: Entity, name: str, value: str) -> Secret:
    """A secret whose value nobody can read again. Conflict when the name is taken."""
    require_management(by, entity)
    _judge_name(name)
    ciphertext = encrypt(_judged(value))
    try:
        with transaction.atomic():
            return Secret.objects.create(
                entity=entity, name=name, ciphertext=ciphertext, created_by=by.user
            )
    except IntegrityError as error:
        raise Conflict(
            "secret_exists", f"{entity.name} has a secret {name} already.", field="name"
        ) from error


@transaction.atomic
def rotate_secret(by: Caller, secret: Secret, value: str) -> Secret:
    """Takes a new value; until `finish_rotation` messages are signed with both."""
    held = _held(by, secret)
    if decrypt(held.ciphertext) == _judged(value):
        raise Invalid("secret_same", "This is the value it has.", field="value")
    if not value.isascii() and held.token_of.filter(deleted_at=None).exists():
        raise Invalid(
            "access_token",
            f"{held.name} is the access token of a webhook: "
            "its value has only letters that headers carry.",
            field="value",
        )
    held.previous_ciphertext = held.ciphertext
    held.ciphertext = encrypt(value)
    held.rotated_at = timezone.now()
    held.save(update_fields=["ciphertext", "previous_ciphertext", "rotated_at"])
    return held


@transaction.atomic
def finish_rotation(by: Caller, secret: Secret) -> Secret:
    """Forgets the value before. A second time changes nothing."""
    held = _held(by, secret)
    held.previous_ciphertext = ""
    held.save(update_fields=["previous_ciphertext"])
    return held


@transaction.atomic
def delete_secret(by: Caller, secret: Secret) -> None:
    """Refused while a webhook uses it."""
    held = _held(by, secret)
    using = Integration.objects.filter(Q(access_token=held) | Q(signing_secret=held))
    live = using.filter(deleted_at=None).order_by("name").first()
    if live is not None:
        raise Conflict("secret_in_use", f"The webhook “{live.name}” uses {held.name}.")
    using.update(access_token=None, signing_secret=None)
    held.delete()


@transaction.atomic
def reencrypt_all(by: Operator) -> int:
    """Brings every ciphertext under the first key; answers how many there were."""
    if not isinstance(by, Operator):
        raise NotAllowed("Only the operator of this server can do this.")
    count = 0
    for secret in Secret.objects.select_for_update().order_by("pk"):
        secret.ciphertext = rotate(secret.ciphertext)
        secret.previous_ciphertext = rotate(secret.previous_ciphertext)
        secret.save(update_fields=["ciphertext", "previous_ciphertext"])
        count += 1
    for integration in Integration.objects.select_for_update().order_by("pk"):
        integration.url_ciphertext = rotate(integration.url_ciphertext)
        integration.headers_ciphertext = rotate(integration.headers_ciphertext)
        integration.save(update_fields=["url_ciphertext", "headers_ciphertext"])
        count += 1
    return count


def hold_secrets_of_webhook(
    entity: Entity, granted: Mapping[str, Secret | None]
) -> dict[str, Secret | None]:
    """What a webhook of `entity` is to have as `access_token` and `signing_secret`, locked and
    judged as it is by now. The caller was judged."""
    ids = [secret.pk for secret in granted.values() if secret is not None]
    rows = Secret.objects.select_for_update(of=("self",)).filter(pk__in=ids, entity=entity)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < len(set(ids)):
        raise Invalid("secret", f"Choose a secret of {entity.name}.", field="secret")
    held = {name: secret and found[secret.pk] for name, secret in granted.items()}
    token = held.get("access_token")
    if token is not None and not decrypt(token.ciphertext).isascii():
        raise Invalid(
            "access_token",
            f"{token.name} cannot be an access token: it has letters that headers do not carry.",
            field="access_token",
        )
    return held


def _held(by: Caller, secret: Secret) -> Secret:
    held = Secret.objects.select_for_update(of=("self",)).select_related("entity")
    found = held.filter(pk=secret.pk).first()
    if found is None:
        raise NotFound
    require_management(by, found.entity)
    return found


def _judge_name(name: str) -> None:
    if not NAME_FORM.fullmatch(name):
        raise Invalid(
            "secret_name",
            "The name of a secret has 1 to 128 letters, digits and underscores.",
            field="name",
        )
    if name in VARIABLES or name == ACCESS_TOKEN:
        raise Invalid("secret_name", f"{name} is a variable of templates already.", field="name")


def _judged(value: str) -> str:
    if not SHORTEST <= len(value) <= LONGEST:
        raise Invalid("secret_value", "A secret has 8 to 4,096 characters.", field="value")
    if not value.isprintable() or value != value.strip():
        raise Invalid(
            "secret_value",
            "A secret has no control characters and no space at its ends.",
            field="value",
        )
    if value.startswith(STANDARD_PREFIX):
        _judge_standard(value.removeprefix(STANDARD_PREFIX))
    return value


def _judge_standard(encoded: str) -> None:
    try:
        size = len(base64.b64decode(encoded, validate=True))
    except ValueError:
        size = 0
    if not 24 <= size <= 64:
        raise Invalid(
            "secret_value",
            "After whsec_ a secret is the base64 of 24 to 64 bytes.",
            field="value",
        )
