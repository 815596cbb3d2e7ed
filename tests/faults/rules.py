"""What has to be true of the rows after any deeds whatever, however they met."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef

from accounts.models import OrganizationMembership, TeamMembership, User
from registries.models import Registry, Version
from registries.operations.members import without_admin
from tests.faults.event_replay import require_history_agrees


def require_rules_hold() -> None:
    require_history_agrees()
    _require_one_type_in_a_collection()
    _require_an_admin_everywhere()
    _require_teams_inside_organizations()
    _require_own_default_entities()


def _require_one_type_in_a_collection() -> None:
    others = Version.objects.exclude(artifact__type=F("collection__type"))
    assert not others.exists(), f"of another type than their collection: {list(others)}"


def _require_an_admin_everywhere() -> None:
    lost = list(without_admin(Registry.objects.all()))
    assert not lost, f"nobody administers {lost}"


def _require_teams_inside_organizations() -> None:
    in_organization = OrganizationMembership.objects.filter(
        user=OuterRef("user"), organization=OuterRef("group__team__organization")
    )
    outside = list(TeamMembership.objects.exclude(Exists(in_organization)))
    assert not outside, f"in a team but not in its organization: {outside}"


def _require_own_default_entities() -> None:
    in_team = TeamMembership.objects.filter(
        user=OuterRef("pk"), group__team__entity=OuterRef("default_entity")
    )
    elsewhere = User.objects.exclude(default_entity=None).exclude(default_entity=F("entity"))
    lost = list(elsewhere.exclude(Exists(in_team)))
    assert not lost, f"their default entity is no team of theirs: {lost}"
