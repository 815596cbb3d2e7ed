"""Tokens of the links by which somebody chooses a new password."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int, int_to_base36

from accounts.callers import Caller, Way
from accounts.errors import RegistryError
from accounts.models import User
from accounts.permissions import require_may_hand_out_reset_link

# Between a token and the number of the admin who handed it out: in neither.
BY = "."


class ResetTokens(PasswordResetTokenGenerator):
    """Good while everything it was made for is as it was: the address, the password, the last
    sign-in, whether they are staff and active, and no links were ended since.

    django-allauth's own would write down each address somebody ever had, and find them by it.
    """

    key_salt = "accounts.reset_tokens"

    def __init__(self, maker: User | None = None) -> None:
        """`maker` hands the link out, and is judged again when it is used. None is mail or the
        operator.
        """
        super().__init__()
        self._maker = maker

    def make_token(self, user: User) -> str:
        token = super().make_token(user)
        return token if self._maker is None else f"{token}{BY}{int_to_base36(self._maker.pk)}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        bare, by, number = (token or "").partition(BY)
        if user is None:
            return False
        if not by:
            return super().check_token(user, bare)
        maker = _maker(number)
        return maker is not None and ResetTokens(maker).is_good(user, bare)

    def is_good(self, user: User, bare: str) -> bool:
        """For a token without its maker, who is known already."""
        return super().check_token(user, bare) and self._stands(user)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        parts: list[object] = [super()._make_hash_value(user, timestamp)]
        parts += [user.is_active, user.is_staff, user.links_ended_at]
        if self._maker is not None:
            parts += [self._maker.pk, self._maker.links_ended_at]
        return "|".join(map(str, parts))

    def _stands(self, user: User) -> bool:
        """A link ends with its maker's right to hand it out: nobody leaves a back door."""
        if self._maker is None:
            return True
        try:
            require_may_hand_out_reset_link(Caller(self._maker, Way.WEB), user)
        except RegistryError:
            return False
        return True


def _maker(number: str) -> User | None:
    try:
        return User.objects.filter(pk=base36_to_int(number)).first()
    except (ValueError, OverflowError):
        return None
