"""The rows of registries, members, people and collections at `/graphql`."""

from __future__ import annotations

from tests.access.graphql_rows import (
    EVERYBODY,
    mutation,
    named,
    portfolio,
    sequence,
)
from tests.access.operation_table import (
    NOBODY,
    NOBODY_OF_THE_REGISTRY,
    PROJECT_WRITERS,
    REGISTRY_ADMINS,
    REGISTRY_MEMBERS,
)
from wandb_api.identifiers import encode

ORGANIZATION_MEMBERS = "✓ ✓ ✓ ✓ | ✓ 403 | 403 403 | 404 404 404"
TEAM_LEADERS = "✓ 403 403 403 | 404 404 | 404 404 | 404 404 404"
NOBODY_FINDS_IT = "404 404 404 404 | 404 404 | 404 404 | 404 404 404"

REGISTRIES = [
    mutation(
        "upsertModel",
        "a new registry",
        ORGANIZATION_MEMBERS,
        "inserted",
        lambda s: {"entityName": "smle-reg", "name": "wandb-registry-New", "access": "PRIVATE"},
    ),
    mutation(
        "upsertModel",
        "a registry that is there",
        "✓ ✓ 403 403 | 403 403 | 403 403 | 404 404 404",
        "inserted",
        lambda s: {
            "entityName": "smle-reg",
            "name": "wandb-registry-Model",
            "description": "n",
            "allowAllArtifactTypesInRegistry": True,
        },
    ),
    mutation(
        "upsertModel",
        "an ordinary project",
        PROJECT_WRITERS,
        "inserted",
        lambda s: {"entityName": s.team.entity.name, "name": "n"},
    ),
    mutation(
        "renameProject",
        "a registry",
        REGISTRY_ADMINS,
        "inserted",
        lambda s: {
            "entityName": "smle-reg",
            "oldProjectName": "wandb-registry-Own",
            "newProjectName": "wandb-registry-Mine",
        },
    ),
    mutation(
        "deleteModel",
        "a registry",
        REGISTRY_ADMINS,
        "success",
        lambda s: {"id": encode("Project", s.own.pk)},
    ),
    mutation(
        "deleteModel",
        "a core registry",
        NOBODY_OF_THE_REGISTRY,
        "success",
        lambda s: {"id": encode("Project", s.registry.pk)},
    ),
    mutation(
        "createProjectMembers",
        "a person",
        REGISTRY_ADMINS,
        "success",
        lambda s: {
            "projectId": encode("Project", s.own.pk),
            "userIds": [encode("User", s.somebody.pk)],
        },
    ),
    mutation(
        "deleteProjectMembers",
        "a team",
        REGISTRY_ADMINS,
        "success",
        lambda s: {
            "projectId": encode("Project", s.own.pk),
            "teamIds": [encode("Entity", s.team.entity_id)],
        },
    ),
    mutation(
        "updateProjectMember",
        "a person",
        REGISTRY_ADMINS,
        "success",
        lambda s: {
            "projectId": encode("Project", s.own.pk),
            "userId": encode("User", s.own.person_roles.order_by("pk").last().user_id),
            "userProjectRole": "viewer",
        },
    ),
    mutation(
        "updateProjectTeamMember",
        "a team",
        REGISTRY_ADMINS,
        "success",
        lambda s: {
            "projectId": encode("Project", s.own.pk),
            "teamId": encode("Entity", s.team.entity_id),
            "teamProjectRole": "viewer",
        },
    ),
]

PEOPLE = [
    mutation("updateUser", "nothing of oneself", EVERYBODY, "user { id }", lambda s: {}),
    mutation(
        "updateUser",
        "somebody else",
        NOBODY_FINDS_IT,
        "user { id }",
        lambda s: {"id": encode("User", s.somebody.pk), "defaultEntity": s.somebody.username},
    ),
    mutation("generateApiKey", "for oneself", EVERYBODY, "apiKey { id }", lambda s: {}),
    mutation(
        "deleteApiKey",
        "of somebody else",
        NOBODY_FINDS_IT,
        "success",
        lambda s: {"id": encode("ApiKey", s.key.pk)},
    ),
    mutation("createUser", "a person", NOBODY, "user { id }", lambda s: {"email": "n@example.org"}),
    mutation(
        "createTeam",
        "in one's own organization",
        "✓ 403 403 403 | 403 403 | 422 422 | 422 ✓ 422",
        "entity { id }",
        lambda s: {"teamName": "new-team"},
    ),
    mutation(
        "createInvite",
        "somebody of the organization",
        TEAM_LEADERS,
        "invite { id }",
        lambda s: {"entityName": s.team.entity.name, "username": s.somebody.username},
    ),
    mutation(
        "deleteInvite",
        "somebody in the team",
        TEAM_LEADERS,
        "success",
        lambda s: {
            "id": encode("User", s.team_member.pk),
            "entityName": s.team.entity.name,
        },
    ),
    mutation(
        "createServiceAccount",
        "of a team",
        TEAM_LEADERS,
        "user { id }",
        lambda s: {"description": "nightly", "entityName": s.team.entity.name},
    ),
]

COLLECTIONS = [
    mutation(
        "updateArtifactSequence",
        "its name",
        PROJECT_WRITERS,
        "artifactCollection { id }",
        lambda s: {"artifactSequenceID": sequence(s.free_source), "name": "n"},
    ),
    mutation(
        "updateArtifactPortfolio",
        "its description",
        REGISTRY_MEMBERS,
        "artifactCollection { id }",
        lambda s: {"artifactPortfolioID": portfolio(s.custom), "description": "n"},
    ),
    mutation(
        "moveArtifactSequence",
        "to another type",
        PROJECT_WRITERS,
        "artifactCollection { id }",
        lambda s: {
            "artifactSequenceID": sequence(s.free_source),
            "destinationArtifactTypeName": "n",
        },
    ),
    mutation(
        "deleteArtifactSequence",
        "linked nowhere",
        PROJECT_WRITERS,
        "artifactCollection { id }",
        lambda s: {"artifactSequenceID": sequence(s.free_source)},
    ),
    mutation(
        "deleteArtifactPortfolio",
        "without a protected alias",
        REGISTRY_MEMBERS,
        "artifactCollection { id }",
        lambda s: {"artifactPortfolioID": portfolio(s.other)},
    ),
    mutation(
        "deleteArtifactPortfolio",
        "with a protected alias",
        REGISTRY_ADMINS,
        "artifactCollection { id }",
        lambda s: {"artifactPortfolioID": portfolio(s.protected)},
    ),
    mutation(
        "createArtifactCollectionTagAssignments",
        "in the registry",
        REGISTRY_MEMBERS,
        "tags { id }",
        lambda s: {**named(s.custom), "tags": [{"tagName": "n"}]},
    ),
    mutation(
        "deleteArtifactCollectionTagAssignments",
        "in the registry",
        REGISTRY_MEMBERS,
        "success",
        lambda s: {**named(s.custom), "tags": [{"tagName": "n"}]},
    ),
]
