"""What those who have just made an account are told of the address they gave."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from accounts.adapters import address_of
from accounts.callers import Caller, Way
from accounts.errors import Conflict
from accounts.mail import send_email_known, send_email_link
from accounts.models import User
from accounts.operations.emails import create_email_link
from registries.views.answers import announce


def ask_whose_address_it_is(request: HttpRequest, user: User, email: str) -> None:
    """One letter goes out and one sentence is said, whoever has the address."""
    if not email or not settings.MAIL_IS_SENT:
        return
    try:
        path = create_email_link(Caller(user, Way.WEB), user, email)
        is_sent = send_email_link(user, email, address_of(request, path))
    except Conflict:
        is_sent = send_email_known(user, email)
    if is_sent:
        announce(request, f"A letter to {email} asks you to confirm that it is yours.")
    else:
        announce(request, f"No letter could be sent to {email}. Save it on your account page.")
