"""How a row of a person or service account comes to be. Its callers have judged who may."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts.errors import Conflict, Invalid
from accounts.models import Entity, Team, User
from accounts.operations.entities import claim_entity

LONGEST_FULL_NAME = 128
# Of a path in RFC 5321, without its brackets; the column is as wide.
LONGEST_EMAIL = 254


def make_user(
    name: str,
    *,
    full_name: str = "",
    email: str = "",
    email_is_verified: bool = False,
    password: str | None = None,
    is_staff: bool = False,
    is_service_account: bool = False,
    owner_team: Team | None = None,
) -> User:
    """Refused for a taken name or e-mail. None is no password: nobody signs in with one."""
    user = User(
        username=name,
        full_name=valid_full_name(full_name),
        email=free_email(email, is_verified=email_is_verified),
        email_is_verified=bool(email) and email_is_verified,
        is_staff=is_staff,
        is_service_account=is_service_account,
        owner_team=owner_team,
    )
    put_password(user, password)
    user.entity = claim_entity(name, Entity.Kind.PERSON)
    save_user(user)
    return user


def save_user(user: User) -> None:
    """The name was claimed before; the address may have been taken a moment ago."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise email_taken(user.email) from error


def valid_full_name(full_name: str) -> str:
    full_name = full_name.strip()
    if len(full_name) > LONGEST_FULL_NAME or not full_name.isprintable():
        raise Invalid(
            "full_name",
            "A full name has at most 128 characters and no line breaks.",
            field="full_name",
        )
    return full_name


def valid_email(email: str) -> str:
    """In stored form, lower case, or why it is none."""
    email = email.strip()
    stored = email.lower()
    if len(stored) > LONGEST_EMAIL:
        raise Invalid(
            "email", f"An e-mail address has at most {LONGEST_EMAIL} characters.", field="email"
        )
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise _no_email(email) from error
    if not email.isprintable():
        raise _no_email(email)
    return stored


def _no_email(text: str) -> Invalid:
    return Invalid("email", f"“{text}” is not an e-mail address.", field="email")


def free_email(email: str, *, is_verified: bool = False) -> str:
    """`email` in stored form, or why it cannot be used.

    One that is found to be somebody's is taken from whoever only claimed it.
    """
    email = valid_email(email)
    if not email:
        return ""
    holders = User.objects.filter(email__iexact=email)
    if is_verified:
        holders.filter(email_is_verified=False).update(email="")
    if holders.exists():
        raise email_taken(email)
    return email


def email_taken(email: str) -> Conflict:
    return Conflict("email_taken", f"Somebody else uses {email}.", field="email")


def put_password(user: User, password: str | None) -> None:
    """Into the row, not yet saved."""
    if password is None:
        user.set_unusable_password()
        return
    if user.is_service_account:
        raise Invalid("password", "Service accounts have no password.", field="password")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("password", " ".join(error.messages), field="password") from error
    user.set_password(password)
