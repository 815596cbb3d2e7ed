"""What the floors above must hear of, sent inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from django.dispatch import Signal

from accounts.models import Organization, User

# Somebody is about to lose a role, a membership or the account in `organization`; None is all
# of them. A receiver answers a function without arguments, called after the change, that raises
# RegistryError to refuse it; so it can compare before with after.
access_reducing = Signal()

# `user` was taken out of `organization` by `by`: what was given to them there by hand ends too.
left_organization = Signal()


@contextmanager
def reducing_access(organization: Organization | None) -> Iterator[None]:
    """Wraps a change that may take the last person in charge away."""
    checks: list[Callable[[], None]] = [
        cast("Callable[[], None]", check)
        for _, check in access_reducing.send(Organization, organization=organization)
    ]
    yield
    for check in checks:
        check()


# An organization is about to end. A receiver ends what hangs on it, or raises RegistryError to
# refuse it.
organization_ending = Signal()

# A team is about to end. A receiver ends what hangs on it, or raises RegistryError to refuse it.
team_ending = Signal()

# Whether `user` has a role outside `organization` that the floor above gave. True is yes.
asked_for_roles_elsewhere = Signal()


def reaches_beyond(user: User, organization: Organization) -> bool:
    answers = asked_for_roles_elsewhere.send(Organization, user=user, organization=organization)
    return any(answer for _, answer in answers)
