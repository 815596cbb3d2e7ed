"""Who asks for a change, and by what way. Every operation takes one as `by`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class Way(models.TextChoices):
    WEB = "web", "web"
    SDK = "sdk", "SDK"
    ADMIN = "admin", "admin"
    COMMAND = "command", "command"


@dataclass(frozen=True)
class Caller:
    """A person or service account, and the way they came."""

    user: User
    way: Way


class Operator:
    """Whoever runs `manage.py` on the server.

    Makes people, teams and organizations exist. Holds no role in any registry, so the
    operations on registries do not take one.
    """


OPERATOR = Operator()
