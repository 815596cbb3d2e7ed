"""What the pages before signing in need to know of the settings. A context processor."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def sign_in(request: HttpRequest) -> dict[str, bool]:
    return {
        "mail_is_sent": settings.MAIL_IS_SENT,
        "open_sign_up": settings.WAYMARK_OPEN_SIGN_UP,
    }
