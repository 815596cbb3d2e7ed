"""Keys of scripts. 256 random bits; only their SHA-256 is stored."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import ApiKey, User
from accounts.permissions import require_key_holder
from accounts.statements import prepared

# What the SDK accepts as a key before it sends anything: an optional prefix, then this.
KEY_FORM = re.compile(r"(?:[A-Za-z0-9_]+-)?[A-Za-z0-9_-]{40,256}")
LONGEST_NAME = 128
LAST_USE_IS_KEPT_EVERY = timedelta(minutes=1)


def create_api_key(
    by: Caller | Operator, user: User, *, name: str = "", expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The row and the key itself, which nobody can read again."""
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid("expires_at", "Choose a day that is yet to come.", field="expires_at")
    if not user.is_active:
        raise Invalid("inactive", f"{user.username} has been deactivated.")
    secret = secrets.token_hex(32)
    return register_api_key(by, user, secret, name=name, expires_at=expires_at), secret


def register_api_key(
    by: Caller | Operator,
    user: User,
    secret: str,
    *,
    name: str = "",
    expires_at: datetime | None = None,
) -> ApiKey:
    """Takes a key made elsewhere, so that scripts which have it go on working.

    The person's own live key again is no reason to stop; anybody else's is taken.
    """
    require_key_holder(by, user)
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("api_key_name", "A key’s name has at most 128 characters.", field="name")
    if not KEY_FORM.fullmatch(secret):
        raise Invalid(
            "api_key_form",
            "A key has at least 40 letters, digits, dashes and underscores.",
            field="api_key",
        )
    own = user.api_keys.filter(sha256=digest_of(secret), revoked_at=None).first()
    if own is not None:
        return own
    try:
        with transaction.atomic():
            return ApiKey.objects.create(
                user=user,
                name=name,
                prefix=secret[:4],
                sha256=digest_of(secret),
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise Conflict("api_key_taken", "This key is registered already.") from error


def revoke_api_key(by: Caller | Operator, key: ApiKey) -> None:
    """Ends the key. A second time changes nothing; somebody else's key does not exist."""
    try:
        require_key_holder(by, key.user)
    except NotAllowed as refusal:
        raise NotFound from refusal
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def user_of_api_key(secret: str) -> User | None:
    """The active person a live key belongs to, and notes that it was used."""
    now = timezone.now()
    key: ApiKey | None = next(iter(_live_keys(digest_of(secret))), None)
    if key is None or (key.expires_at is not None and key.expires_at <= now):
        return None
    if key.last_used_at is None or key.last_used_at < now - LAST_USE_IS_KEPT_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key.user


@prepared
def _live_keys(sha256: str) -> QuerySet[ApiKey]:
    """At most one. Whether it has expired is the caller's to see."""
    return ApiKey.objects.select_related("user__entity", "user__default_entity").filter(
        sha256=sha256, revoked_at=None, user__is_active=True
    )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
