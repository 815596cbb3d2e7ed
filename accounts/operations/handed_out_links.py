"""Links end with the right they rest on, and do not come to life again with it."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Invitation, Organization, User


def end_handed_out_links(user: User, organization: Organization | None) -> None:
    """The invitations of `user` into `organization`, None being all of them, all links for a new
    password that were made for or by them, and those that confirm an address of theirs.
    """
    now = timezone.now()
    made = Invitation.objects.filter(created_by=user, accepted_at=None, revoked_at=None)
    if organization is not None:
        made = made.filter(organization=organization)
    made.update(revoked_at=now)
    user.links_ended_at = now
    user.save(update_fields=["links_ended_at"])
