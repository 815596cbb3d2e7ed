"""Who did what in the demonstration. Every step is an operation with its rights and its event."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.callers import OPERATOR, Caller, Way
from accounts.models import OrganizationMembership, Team, User
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import add_to_team, create_team
from artifacts.models import Artifact, Project
from artifacts.operations.projects import create_project
from artifacts.operations.runs import finish_run, start_run
from registries.demonstration import zoo
from registries.models import Registry, Version
from registries.operations.aliases import add_aliases
from registries.operations.collections import create_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.members import add_member
from registries.operations.organizations import create_organization
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import CORE_REGISTRIES, create_core_registries, edit_registry
from registries.operations.sources import log_version
from registries.operations.versions import link_version
from registries.roles import Role

ORGANIZATION, TEAM, PROJECT = "smle-reg", "smle-reg-team-2", "zoo_experiment"
ARTIFACT, COLLECTION = "zoo_dataset", "Zoo_Classifier_Models"
ROLE = OrganizationMembership.Role

CARD = """\
Animals by class: 16 features and a class for each. Every version holds features and labels
apart, so that a model can be traced to its exact data.

### Which version to use

- `production` is what the zoo’s apps read. An admin moves it after review.
- `production-us` and `production-eu` follow it by region.
- `best_model` belongs to the training job, which moves it.

### Source

Zoo, R. Forsyth, UCI Machine Learning Repository, CC BY 4.0.
"""


@dataclass(frozen=True)
class Cast:
    """mira administers, tomas works in the team, ines reads, zoo-trainer is a script."""

    mira: Caller
    tomas: Caller
    ines: Caller
    trainer: Caller
    team: Team
    model: Registry


@transaction.atomic
def tell() -> None:
    """The whole demonstration, or nothing of it."""
    cast = _people()
    project = create_project(cast.tomas, cast.team.entity, PROJECT)
    published = _log(cast.tomas, project, zoo.as_published(), "brisk-heron-1")
    first = _link(cast.tomas, cast.model, published, ["baseline"])
    _describe(cast, first)
    protect_aliases(cast.mira, cast.model, ["production", "staging"])
    add_aliases(cast.mira, first, ["production"])
    clean = _log(cast.tomas, project, zoo.cleaned(), "quiet-otter-2")
    second = _link(cast.tomas, cast.model, clean, ["candidate"])
    add_aliases(cast.mira, second, ["staging"])
    parts = _log(cast.trainer, project, zoo.split(), "early-crane-3")
    third = _link(cast.trainer, cast.model, parts, ["best_model"])
    edit_version(cast.tomas, third, add_tags=["uci", "7 classes", "split"])
    add_aliases(cast.tomas, third, ["production-us", "production-eu"])
    add_aliases(cast.mira, second, ["production"])
    add_aliases(cast.mira, third, ["production"])
    _reference_data(cast, clean)


def _people() -> Cast:
    organization = create_organization(OPERATOR, ORGANIZATION)
    if not organization.registries.exists():
        create_core_registries(OPERATOR, organization)
    mira = create_user(OPERATOR, "mira", full_name="Mira Vance", is_staff=True)
    tomas, ines = (
        create_user(OPERATOR, "tomas", full_name="Tomás Ferreira"),
        create_user(OPERATOR, "ines"),
    )
    set_organization_role(OPERATOR, organization, mira, ROLE.ADMIN)
    set_organization_role(OPERATOR, organization, tomas, ROLE.MEMBER)
    set_organization_role(OPERATOR, organization, ines, ROLE.VIEWER)
    team = create_team(OPERATOR, organization, TEAM)
    for person in (mira, tomas):
        add_to_team(OPERATOR, team, person)
    trainer = create_service_account(OPERATOR, team, "zoo-trainer", full_name="Trains at night")
    model = Registry.objects.select_related("project").get(
        organization=organization, name=CORE_REGISTRIES[0]
    )
    cast = Cast(_by(mira), _by(tomas), _by(ines), _by(trainer), team, model)
    add_member(cast.mira, model, team, Role.MEMBER)
    add_member(cast.mira, model, mira, Role.ADMIN)
    edit_registry(cast.mira, model, description="Models and data sets ready for others to use.")
    return cast


def _by(person: User) -> Caller:
    return Caller(person, Way.COMMAND)


def _log(by: Caller, project: Project, state: zoo.State, run_name: str) -> Artifact:
    run = start_run(by, project, display_name=run_name)
    outcome = log_version(
        by,
        project,
        ARTIFACT,
        "dataset",
        state.files,
        description=state.description,
        metadata=state.metadata,
        run=run,
    )
    finish_run(by, run)
    return outcome.version.artifact


def _link(by: Caller, registry: Registry, artifact: Artifact, aliases: list[str]) -> Version:
    return link_version(by, artifact, registry.project, COLLECTION, aliases).version


def _describe(cast: Cast, version: Version) -> None:
    edit_collection(cast.tomas, version.collection, description=CARD, add_tags=["zoo", "tabular"])
    edit_version(cast.tomas, version, add_tags=["uci", "7 classes"])


def _reference_data(cast: Cast, artifact: Artifact) -> None:
    """A second core registry with something in it."""
    dataset = Registry.objects.select_related("project").get(
        organization=cast.model.organization, name=CORE_REGISTRIES[1]
    )
    edit_registry(cast.mira, dataset, description="Reference data, versioned and described.")
    create_collection(
        cast.mira,
        dataset.project,
        "Zoo",
        "dataset",
        description="The reference table of animals.",
        tags=["reference"],
    )
    link_version(cast.mira, artifact, dataset.project, "Zoo", ["uci-clean"])
