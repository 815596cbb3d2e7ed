"""Who a name and a password belong to."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]
    """Compares one hash for every attempt, so that time tells nothing of who is here.

    django-allauth asks for an e-mail address as a name and as an address, and would compare twice
    where somebody has it.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        self._compared: set[Any] = set()
        return super().authenticate(request, **credentials)

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> Any:
        if user is None or user.pk in self._compared:
            return None
        self._compared.add(user.pk)
        return super()._check_password(user, password)
