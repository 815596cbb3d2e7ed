"""What the floors above must hear of, sent inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.dispatch import Signal

from accounts.models import Organization

# Somebody is about to lose a role, a membership or the account in `organization`. A receiver
# answers a function without arguments, called after the change, that raises RegistryError to
# refuse it; so it can compare before with after.
access_reducing = Signal()


@contextmanager
def reducing_access(*organizations: Organization) -> Iterator[None]:
    """Wraps a change that may take the last person in charge away."""
    checks = [
        check
        for organization in organizations
        for _, check in access_reducing.send(Organization, organization=organization)
    ]
    yield
    for check in checks:
        check()
