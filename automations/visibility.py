"""What a person may see, as querysets: what is not in them does not exist for that person."""

from __future__ import annotations

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from accounts.models import Entity, OrganizationMembership, User
from accounts.statements import prepared
from artifacts.models import Project
from artifacts.permissions import projects_writable_by
from automations.models import Automation, Delivery, Integration, Note, Secret
from automations.permissions import entities_of, managed_entities
from registries.roles import Right
from registries.visibility import (
    each_home_is_visible,
    home_is_visible,
    only,
    registries_where,
)


def automations_visible_to(user: User) -> QuerySet[Automation]:
    """Whoever sees the registry or project sees its automations."""
    return Automation.objects.filter(home_is_visible(user, "project"), deleted_at=None)


def automations_in(user: User, project_id: int) -> QuerySet[Automation]:
    """Those of one home, which is judged once."""
    home = Project.objects.filter(each_home_is_visible(user, "pk"), pk=project_id)
    return Automation.objects.filter(Exists(home), project=project_id, deleted_at=None)


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """Requests and answers are for those who may edit the automation; what a deleted home left
    behind is for the admins of its organization or team, or for the person whose it was. For few
    rows: each is asked by itself."""
    left = Q(project=None, automation__entity__in=managed_entities(user))
    return Delivery.objects.filter(_is_edited(user, OuterRef("project")) | left)


def deliveries_of_home(user: User, project_id: int) -> QuerySet[Delivery]:
    """The same for all of one home, which is judged once."""
    home = Project.objects.filter(_is_edited(user, OuterRef("pk")), pk=project_id)
    return Delivery.objects.filter(Exists(home), project=project_id)


def deliveries_of_automation(user: User, automation_id: int) -> QuerySet[Delivery]:
    """The same for all of one automation in its home, which is judged once. What it told before
    it moved is told there."""
    home = Project.objects.filter(_is_edited(user, OuterRef("pk")), automations=automation_id)
    in_its_home = {"automation": automation_id, "project": F("automation__project")}
    return Delivery.objects.filter(Exists(home), **in_its_home)


def deliveries_left_by(user: User, entity_id: int) -> QuerySet[Delivery]:
    """Those of deleted registries of an organization, and of deleted projects of its teams, for
    its admins."""
    led = _led(user).filter(organization__entity=entity_id)
    itself = Entity.objects.filter(pk=entity_id).values("pk")
    teams = Entity.objects.filter(team__organization__entity=entity_id).values("pk")
    owners = itself.union(teams, all=True)
    return Delivery.objects.filter(Exists(led), project=None, automation__entity__in=owners)


def _is_edited(user: User, project: OuterRef) -> Q:
    """Whether the person may edit automations in this home of a registry, or project."""
    registry = registries_where(user, Right.EDIT_AUTOMATION).filter(pk=project)
    return Q(Exists(registry)) | Q(Exists(projects_writable_by(user).filter(pk=project)))


def _led(user: User) -> QuerySet[OrganizationMembership]:
    admin = OrganizationMembership.Role.ADMIN
    return OrganizationMembership.objects.filter(user=user, user__is_active=True, role=admin)


def integrations_visible_to(user: User) -> QuerySet[Integration]:
    """Of the person, their teams and organizations. Their secrets are in none of the columns."""
    return Integration.objects.filter(deleted_at=None, entity__in=entities_of(user))


def integrations_of(user: User, entity_id: int) -> QuerySet[Integration]:
    """Those of one entity, which is judged once."""
    known = entities_of(user).filter(pk=entity_id)
    return Integration.objects.filter(Exists(known), deleted_at=None, entity=entity_id)


def automation_is_edited(user: User) -> ExpressionWrapper[Q]:
    """Of an automation, whether `user` may edit it: its template is for nobody else."""
    return ExpressionWrapper(_is_edited(user, OuterRef("project")), BooleanField())


def integration_is_managed(user: User) -> Exists:
    """Of a row with an integration, whether `user` may change that: its address and the names of
    its secrets are for nobody else."""
    return Exists(managed_entities(user).filter(pk=OuterRef("integration__entity")))


def secrets_of(user: User, entity_id: int) -> QuerySet[Secret]:
    """The same of secrets."""
    managed = managed_entities(user).filter(pk=entity_id)
    return Secret.objects.filter(Exists(managed), entity=entity_id)


def secrets_visible_to(user: User) -> QuerySet[Secret]:
    """The names of secrets are for those who manage them."""
    return Secret.objects.filter(entity__in=managed_entities(user))


def notes_visible_to(user: User) -> QuerySet[Note]:
    """Undismissed, for the admins of a registry, of a team or of an organization."""
    administered = registries_where(user, Right.EDIT_REGISTRY).filter(pk=OuterRef("project"))
    return Note.objects.filter(
        Q(Exists(administered)) | Q(entity__in=managed_entities(user)), dismissed_at=None
    )


def get_automation(user: User, pk: int) -> Automation:
    """NotFound when unknown or not shared with `user`."""
    found: Automation = only(_automations(user, pk))
    return found


@prepared
def _automations(user: User, pk: int) -> QuerySet[Automation]:
    return Automation.objects.filter(
        each_home_is_visible(user, "project"), pk=pk, deleted_at=None
    ).select_related(
        "project__registry__organization__entity",
        "project__entity__team__organization__entity",
        "collection",
        "integration__entity",
    )


def get_integration(user: User, pk: int) -> Integration:
    """NotFound when unknown or not shared with `user`."""
    found: Integration = only(_integrations(user, pk))
    return found


@prepared
def _integrations(user: User, pk: int) -> QuerySet[Integration]:
    return integrations_visible_to(user).filter(pk=pk).select_related("entity")


def get_delivery(user: User, pk: int) -> Delivery:
    """NotFound when unknown or not shared with `user`. It `is_managed` if its integration is by
    `user`."""
    found: Delivery = only(_deliveries(user, pk))
    return found


@prepared
def _deliveries(user: User, pk: int) -> QuerySet[Delivery]:
    return (
        deliveries_visible_to(user)
        .filter(pk=pk)
        .annotate(is_managed=integration_is_managed(user))
        .select_related(
            "happening",
            "automation__entity__organization__entity",
            "automation__entity__team__organization__entity",
            "integration__entity",
            "project__registry__organization__entity",
            "project__entity__team__organization__entity",
        )
    )
