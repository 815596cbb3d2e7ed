"""Links by which somebody chooses a new password, handed out where no mail is sent."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.callers import Caller, Operator
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require_may_hand_out_reset_link
from accounts.reset_tokens import ResetTokens


def create_reset_link(by: Caller | Operator, user: User) -> str:
    """The path of the page. Good for a day, and until the password changes or they sign in, or
    whoever handed it out may no more.
    """
    require_may_hand_out_reset_link(by, user)
    if not user.is_active or user.is_service_account:
        raise Invalid("cannot_sign_in", f"{user.username} cannot sign in.")
    tokens = ResetTokens(by.user if isinstance(by, Caller) else None)
    key = {"uidb36": user_pk_to_url_str(user), "key": tokens.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
