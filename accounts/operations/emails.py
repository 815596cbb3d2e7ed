"""Whether an e-mail address is somebody's own: only then it names them where rights are given."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.callers import Caller, Operator
from accounts.errors import Invalid
from accounts.models import User
from accounts.operations.locks import hold_user
from accounts.operations.new_users import email_taken, save_user
from accounts.permissions import require_self

SALT = "accounts.operations.emails"
SECONDS = 3 * 24 * 60 * 60
TOO_OLD = (
    "This link is too old, or the address has changed since. Save it anew on your account page."
)


def create_email_link(by: Caller | Operator, user: User, email: str | None = None) -> str:
    """The path of the page that takes the address for theirs. Whoever reads their mail opens it.

    `email` may be one that somebody else wrote into their profile and never confirmed: who
    confirms it has it. Conflict where that is done already.
    """
    require_self(by, user)
    wanted = user.email if email is None else email.strip().lower()
    if _others_with(wanted, user).filter(email_is_verified=True).exists():
        raise email_taken(wanted)
    token = signing.dumps([user.pk, user.email, wanted, _ended(user)], salt=SALT)
    return reverse("verify-email", args=[token])


def email_in(token: str) -> str:
    """Which address a link is for. One answer for every link that does not work."""
    return _read(token)[2]


@transaction.atomic
def verify_email(token: str) -> User:
    """The address is theirs from now on, and of nobody who only claimed it.

    A link works while the profile keeps the address it had when the link was made, and while no
    links of theirs were ended: those from before a deactivation stay dead after it.
    """
    number, had, email, ended = _read(token)
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None:
        raise Invalid("email_link", TOO_OLD)
    hold_user(user)
    if not email or (user.email, _ended(user)) != (had, ended):
        raise Invalid("email_link", TOO_OLD)
    _others_with(email, user).filter(email_is_verified=False).update(email="")
    user.email, user.email_is_verified = email, True
    save_user(user)
    return user


def forget_address(address: EmailAddress) -> None:
    """In django-allauth's own list, by which it would sign in, mail and reset passwords for good.
    Where none is in it, the profile is asked.
    """
    EmailAddress.objects.filter(pk=address.pk).delete()


def _ended(user: User) -> str:
    """When links of theirs were ended last, as a token keeps it."""
    return str(user.links_ended_at or "")


def _read(token: str) -> tuple[int, str, str, str]:
    """Whom a link is for, the address they had when it was made, the one it confirms, and when
    links of theirs had been ended.
    """
    try:
        number, had, email, ended = signing.loads(token, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid("email_link", TOO_OLD) from error
    return int(number), str(had), str(email), str(ended)


def _others_with(email: str, user: User) -> QuerySet[User]:
    found = User.objects.filter(email__iexact=email).exclude(pk=user.pk)
    return found.exclude(email="")
