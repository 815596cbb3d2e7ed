"""Letters of our own. Those of passwords are django-allauth's, in our words."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import Invitation

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
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    text = render_to_string("account/email/invitation_message.txt", context)
    try:
        send_mail(subject, text, None, [invitation.email])
    except (SMTPException, OSError):
        log.exception("An invitation could not be mailed.")
        return False
    return True
