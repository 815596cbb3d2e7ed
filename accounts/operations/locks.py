"""What an operation on people holds while it decides: organizations, then the person.

Both come before the rows of the floors above. References to a held row may still be made: only
those who hold it as well wait.
"""

from __future__ import annotations

from accounts.errors import NotFound
from accounts.models import Organization, User


def hold_organization(organization: Organization) -> None:
    """Whoever takes rights away in it comes one after the other: one of them is the last admin.

    NotFound when it is gone.
    """
    if not Organization.objects.select_for_update(no_key=True).filter(pk=organization.pk).first():
        raise NotFound


def hold_every_organization() -> None:
    """For what ends in all of them, as an account does. In the order of their ids."""
    list(Organization.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def hold_user(user: User) -> None:
    """Puts what is stored now into `user`, which nobody else changes until the end."""
    user.refresh_from_db(
        fields=[
            "default_entity",
            "email",
            "email_is_verified",
            "full_name",
            "is_active",
            "is_staff",
            "links_ended_at",
            "password",
        ],
        from_queryset=User.objects.select_for_update(no_key=True, of=("self",)),
    )
