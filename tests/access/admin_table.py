"""The table of the pages for operators: every model they see, every action, who it is done for.

`staff` has no role anywhere; `staff_leader` is an admin of the organization as well. Whoever is
not staff finds none of this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registries.models import RegistryPersonRole, RegistryTeamRole

DONE, REFUSED = "done", "refused"

# Models whose rows are only looked at.
READ_ONLY = frozenset(
    {
        "accounts.ApiKey",
        "accounts.Entity",
        "accounts.InvitationTeam",
        "accounts.Organization",
        "accounts.SignInLink",
        "accounts.Team",
        "artifacts.Announcement",
        "artifacts.ArrivedFile",
        "artifacts.ArrivedPart",
        "artifacts.Artifact",
        "artifacts.ArtifactOutput",
        "artifacts.ArtifactTag",
        "artifacts.ArtifactUse",
        "artifacts.ExpectedFile",
        "artifacts.HistoryLine",
        "artifacts.JoinedAnnouncement",
        "artifacts.ManifestEntry",
        "artifacts.ManifestUpload",
        "artifacts.MultipartUpload",
        "artifacts.Project",
        "artifacts.RepeatedUpload",
        "artifacts.Run",
        "artifacts.RunFile",
        "artifacts.RunTag",
        "artifacts.RunWriter",
        "artifacts.StorageQuota",
        "artifacts.StorageUse",
        "artifacts.StoredFile",
        "automations.Delivery",
        "automations.DeliveryAttempt",
        "automations.Happening",
        "automations.Note",
        "registries.AcceptedType",
        "registries.Event",
    }
)


@dataclass(frozen=True)
class Action:
    """`on` finds the row on the stage; what comes of it for staff without and with a role."""

    model: str
    name: str
    on: Callable[[Any], Any]
    staff: str = REFUSED
    staff_leader: str = DONE

    def __str__(self) -> str:
        return f"{self.name} of {self.model}"


ACTIONS = (
    Action("accounts.User", "deactivate", lambda stage: stage.somebody, staff=DONE),
    Action("accounts.User", "reactivate", lambda stage: stage.somebody, staff=DONE),
    Action("accounts.Invitation", "revoke", lambda stage: stage.invitation),
    Action(
        "accounts.OrganizationMembership",
        "remove_from_the_organization",
        lambda stage: stage.somebody.organization_memberships.get(),
    ),
    Action(
        "accounts.TeamMembership",
        "remove_from_the_team",
        lambda stage: stage.team_member.team_memberships.get(),
    ),
    Action("registries.Registry", "delete_with_all_collections", lambda stage: stage.own),
    Action(
        "registries.Collection", "delete_with_all_versions", lambda stage: stage.other.collection
    ),
    Action(
        "registries.CollectionTag",
        "remove_the_tag",
        lambda stage: stage.protected.collection.tags.get(),
    ),
    Action("registries.Version", "unlink", lambda stage: stage.protected),
    Action(
        "registries.Alias",
        "take_off_its_version",
        lambda stage: stage.protected.aliases.get(name="production"),
    ),
    Action(
        "registries.ProtectedAlias",
        "remove_the_protection",
        lambda stage: stage.registry.protected_aliases.get(),
    ),
    Action(
        "registries.RegistryPersonRole",
        "take_the_role_away",
        lambda stage: RegistryPersonRole.objects.get(
            content_object=stage.registry, user__username="guest"
        ),
    ),
    Action(
        "registries.RegistryTeamRole",
        "take_the_role_away",
        lambda stage: RegistryTeamRole.objects.get(content_object=stage.registry),
    ),
    Action("automations.Automation", "delete", lambda stage: stage.automation),
    Action("automations.Integration", "switch_off", lambda stage: stage.webhook),
    Action("automations.Integration", "switch_on", lambda stage: stage.webhook),
    # An automation of the stage calls it.
    Action(
        "automations.Integration",
        "delete",
        lambda stage: stage.webhook,
        staff_leader=REFUSED,
    ),
    # A webhook of the stage signs with it.
    Action("automations.Secret", "delete", lambda stage: stage.secret, staff_leader=REFUSED),
)
