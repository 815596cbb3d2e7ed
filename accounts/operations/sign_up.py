"""An account without an invitation, where the operator has opened the server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from accounts.operations.new_users import make_user, valid_email


@transaction.atomic
def sign_up(name: str, password: str, *, full_name: str = "", email: str = "") -> User:
    """Somebody new, in no organization. Nobody is signed in yet, so nobody can be judged.

    The address is theirs once they confirm it, not before: no answer tells who has it.
    """
    if not settings.WAYMARK_OPEN_SIGN_UP:
        raise NotAllowed("Accounts are by invitation. Ask an admin of your organization.")
    valid_email(email)
    return make_user(name, full_name=full_name, password=password)


@transaction.atomic
def sign_up_from_elsewhere(request: HttpRequest, arrival: Any, name: str) -> User:
    """Somebody new whom a provider vouches for, and the account there that signs them in.

    `arrival` is django-allauth's SocialLogin; whether newcomers are let in was asked before.
    """
    email = arrival.user.email
    vouched_for = any(
        each.verified is True and each.email == email for each in arrival.email_addresses
    )
    own = _own_address(email, vouched_for=vouched_for)
    arrival.user = make_user(name, email=own, email_is_verified=vouched_for)
    arrival.email_addresses = []
    try:
        with transaction.atomic():
            arrival.save(request)
    except IntegrityError as error:
        raise Conflict(
            "known", "You have an account here already. Go to the sign-in page and sign in with it."
        ) from error
    user: User = arrival.user
    return user


def _own_address(email: str, *, vouched_for: bool) -> str:
    """None where it is somebody’s, or one that nobody could have here: people cannot change what
    a provider tells of them, and can enter another later.
    """
    try:
        email = valid_email(email)
    except Invalid:
        return ""
    holders = User.objects.filter(email__iexact=email)
    if vouched_for:
        holders = holders.filter(email_is_verified=True)
    return "" if holders.exists() else email
