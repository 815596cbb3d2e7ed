"""Who a name and a password belong to."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.operations.new_users import LONGEST_EMAIL
from accounts.statements import prepared


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]
    """Compares one hash for every attempt, so that time tells nothing of who is here.

    django-allauth asks for an e-mail address as a name and as an address, and would compare twice
    where somebody has it.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        self._compared: set[Any] = set()
        names = (credentials.get("username"), credentials.get("email"))
        if any(name and len(name) > LONGEST_EMAIL for name in names):
            # Nobody’s, and longer than SQLite looks for. The hash is for nobody, too.
            self._mitigate_timing_attack(credentials.get("password") or "")
            return None
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: int) -> User | None:
        """As Django finds them: whoever was deactivated is nobody, and their sessions end."""
        found = _users(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> Any:
        if user is None or user.pk in self._compared:
            return None
        self._compared.add(user.pk)
        return super()._check_password(user, password)


@prepared
def _users(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
