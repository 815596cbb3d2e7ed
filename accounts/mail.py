"""Letters of our own. Those of passwords are django-allauth's, in our words, sent as ours are."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import Invitation, User

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Whether it went out. Whoever invited sees the link anyway, so a failure is only told."""
    if not invitation.email or not settings.MAIL_IS_SENT:
        return False
    context = {
        "organization": invitation.organization,
        "link": link,
        "until": invitation.expires_at,
    }
    return _sent("invitation", context, invitation.email)


def send_email_link(user: User, email: str, link: str) -> bool:
    """Whether a letter that asks if the address is theirs went out."""
    if not email or not settings.MAIL_IS_SENT:
        return False
    return _sent("verify_email", {"user": user, "link": link}, email)


def send_email_known(user: User, email: str) -> bool:
    """Whether a letter went out that tells whose the address is already: there is one in any
    case, so that neither the answer nor its time tells who is here."""
    if not email or not settings.MAIL_IS_SENT:
        return False
    return _sent("email_known", {"user": user}, email)


def _sent(letter: str, context: dict[str, Any], email: str) -> bool:
    subject = render_to_string(f"account/email/{letter}_subject.txt", context).strip()
    text = render_to_string(f"account/email/{letter}_message.txt", context)
    return is_sent(lambda: send_mail(subject, text, None, [email]))


def is_sent(send: Callable[[], object]) -> bool:
    """Whether a letter went out. What it tells of has been done, and is no less done without."""
    try:
        send()
    except (SMTPException, OSError):
        log.exception("A letter could not be mailed.")
        return False
    return True
