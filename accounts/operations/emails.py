"""Whether an e-mail address is somebody's own: only then it names them where rights are given."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.callers import Caller, Operator
from accounts.errors import Invalid
from accounts.models import User
from accounts.operations.locks import hold_user
from accounts.permissions import require_self

SALT = "accounts.operations.emails"
SECONDS = 3 * 24 * 60 * 60
TOO_OLD = (
    "This link is too old, or the address has changed since. Save it anew on your account page."
)


def create_email_link(by: Caller | Operator, user: User) -> str:
    """The path of the page that takes the address for theirs. Whoever reads their mail opens it."""
    require_self(by, user)
    token = signing.dumps([user.pk, user.email], salt=SALT)
    return reverse("verify-email", args=[token])


def email_in(token: str) -> tuple[int, str]:
    """Whom and which address a link is for. One answer for every link that does not work."""
    try:
        number, email = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise Invalid("email_link", TOO_OLD) from error
    return int(number), str(email)


@transaction.atomic
def verify_email(token: str) -> User:
    """The address is theirs from now on. A link works while the address stays as it was."""
    number, email = email_in(token)
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None:
        raise Invalid("email_link", TOO_OLD)
    hold_user(user)
    if not email or user.email != email:
        raise Invalid("email_link", TOO_OLD)
    user.email_is_verified = True
    user.save(update_fields=["email_is_verified"])
    return user
