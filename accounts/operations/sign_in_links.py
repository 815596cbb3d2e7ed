"""Links that sign one person in, once. No password travels, none exists by default."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Invalid
from accounts.models import SignInLink, User
from accounts.permissions import require_command_line

VALID_FOR = timedelta(hours=24)


def create_sign_in_link(by: Caller | Operator, user: User) -> str:
    """The token of the link: 256 random bits, good once within 24 hours."""
    require_command_line(by)
    if not user.is_active or user.is_service_account:
        raise Invalid("cannot_sign_in", f"{user.username} cannot sign in.")
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user, sha256=_digest_of(token), expires_at=timezone.now() + VALID_FOR
    )
    return token


@transaction.atomic
def use_sign_in_link(token: str) -> User:
    """The person the link is for; the link is spent. One answer for every bad link."""
    now = timezone.now()
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(sha256=_digest_of(token), used_at=None, expires_at__gt=now)
        .first()
    )
    if link is None or not link.user.is_active:
        raise Invalid("sign_in_link", "This link has been used or is too old. Ask for another.")
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link.user


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
