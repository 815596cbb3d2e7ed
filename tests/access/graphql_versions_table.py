"""The rows of logging and of versions at `/graphql`."""

from __future__ import annotations

from tests.access.graphql_rows import (
    WITH_A_RUN,
    alias,
    artifact,
    digest,
    in_project,
    mutation,
    of_registry,
    portfolio,
)
from tests.access.operation_table import (
    NOBODY_OF_THE_PROJECT,
    PROJECT_WRITERS,
    REGISTRY_ADMINS,
    REGISTRY_MEMBERS,
)
from tests.access.stage import joinable
from wandb_api.identifiers import encode

LOGGING = [
    mutation(
        "upsertBucket",
        "a run in the project",
        PROJECT_WRITERS,
        "inserted",
        lambda s: {"entityName": s.team.entity.name, "modelName": s.project.name, "name": "n"},
    ),
    mutation(
        "upsertBucket",
        "a run by its id",
        PROJECT_WRITERS,
        "inserted",
        lambda s: {"id": encode("Run", s.run.pk), "displayName": "n"},
    ),
    mutation(
        "rewindRun",
        "which nobody can",
        "422 422 422 422 | 422 422 | 422 422 | 422 422 422",
        "rewoundRun { id }",
        lambda s: {**in_project(s), "runName": s.run.name, "metricName": "_step", "metricValue": 1},
    ),
    mutation(
        "createRunFiles",
        "of a run",
        PROJECT_WRITERS,
        "runID",
        lambda s: {**in_project(s), "runName": s.run.name, "files": ["config.yaml"]},
    ),
    mutation(
        "markRunFilesUploaded",
        "of a run",
        PROJECT_WRITERS,
        "success",
        lambda s: {**in_project(s), "runName": s.run.name, "files": ["config.yaml"]},
    ),
    mutation(
        "deleteFiles",
        "of a run",
        PROJECT_WRITERS,
        "success",
        lambda s: {"files": [encode("RunFile", s.run_file.pk)], "projectId": s.project.pk},
    ),
    mutation(
        "deleteRun",
        "that made nothing",
        PROJECT_WRITERS,
        "clientMutationId",
        lambda s: {"id": encode("Run", s.run.pk)},
    ),
    mutation(
        "deleteRun",
        "that made a protected version",
        NOBODY_OF_THE_PROJECT,
        "clientMutationId",
        lambda s: {"id": encode("Run", s.run_of_protected.pk), "deleteArtifacts": True},
    ),
    mutation(
        "updateRunState",
        "of a run that goes on",
        PROJECT_WRITERS,
        "success",
        lambda s: {"id": encode("Run", s.run.pk), "state": "failed"},
    ),
    mutation(
        "createArtifact",
        "a new one",
        PROJECT_WRITERS,
        "artifact { id }",
        lambda s: {
            **in_project(s),
            "digest": "d",
            "digestAlgorithm": "MANIFEST_MD5",
            "artifactTypeName": "dataset",
            "artifactCollectionName": "n",
        },
    ),
    mutation(
        "createArtifact",
        "one that is there, as an output of a run",
        PROJECT_WRITERS,
        "artifact { id }",
        lambda s: {
            **in_project(s),
            "digest": s.free_source.artifact.digest,
            "digestAlgorithm": "MANIFEST_MD5",
            "artifactTypeName": "dataset",
            "artifactCollectionName": "free",
            "enableDigestDeduplication": True,
        },
    ),
    mutation(
        "createArtifactManifest",
        "of a pending one",
        PROJECT_WRITERS,
        "artifactManifest { id }",
        lambda s: {
            **in_project(s),
            "artifactID": encode("Artifact", s.pending.pk),
            "name": "wandb_manifest.json",
            "digest": digest(),
            "runName": s.run.name,
            "type": "FULL",
        },
    ),
    mutation(
        "updateArtifactManifest",
        "of a pending one",
        PROJECT_WRITERS,
        "artifactManifest { id }",
        lambda s: {
            "artifactManifestID": encode("ManifestUpload", s.pending.manifest_uploads.get().pk),
            "digest": digest(),
        },
    ),
    mutation(
        "createArtifactFiles",
        "of a pending one",
        PROJECT_WRITERS,
        "files { edges { node { id } } }",
        lambda s: {
            "artifactFiles": [
                {"artifactID": encode("Artifact", s.pending.pk), "name": "n", "md5": digest()}
            ]
        },
    ),
    mutation(
        "completeMultipartUploadArtifact",
        "of a pending one",
        PROJECT_WRITERS,
        "digest",
        lambda s: {
            "completeMultipartAction": "Complete",
            "completedParts": [{"partNumber": 1, "hexMD5": s.parts.md5}],
            "artifactID": encode("Artifact", s.pending.pk),
            "storagePath": "wandb_artifacts/n",
            "uploadID": joinable(s).upload_id,
        },
    ),
    mutation(
        "commitArtifact",
        "a pending one",
        PROJECT_WRITERS,
        "artifact { id }",
        lambda s: {"artifactID": encode("Artifact", s.pending.pk)},
    ),
]

VERSIONS = [
    mutation(
        "useArtifact",
        "through the registry",
        WITH_A_RUN,
        "artifact { id }",
        lambda s: {
            **in_project(s),
            "artifactID": artifact(s.custom),
            "runName": s.run.name,
            "artifactEntityName": "smle-reg",
            "artifactProjectName": "wandb-registry-Model",
        },
    ),
    mutation(
        "updateArtifact",
        "one that is not protected",
        PROJECT_WRITERS,
        "artifact { id }",
        lambda s: {"artifactID": artifact(s.free_source), "description": "n"},
    ),
    mutation(
        "updateArtifact",
        "a protected one",
        "✓ ✓ 403 403 | 404 404 | 404 404 | 404 404 404",
        "artifact { id }",
        lambda s: {"artifactID": artifact(s.protected), "description": "n"},
    ),
    mutation(
        "deleteArtifact",
        "one that is linked nowhere",
        PROJECT_WRITERS,
        "artifact { id }",
        lambda s: {"artifactID": artifact(s.free_source)},
    ),
    mutation(
        "deleteArtifact",
        "a protected one",
        "403 403 403 403 | 404 404 | 404 404 | 404 404 404",
        "artifact { id }",
        lambda s: {"artifactID": artifact(s.protected), "deleteAliases": True},
    ),
    mutation(
        "linkArtifact",
        "into the registry",
        "✓ ✓ ✓ ✓ | 404 404 | 404 404 | 404 404 404",
        "versionIndex",
        lambda s: {
            **of_registry(s),
            "artifactID": artifact(s.free_source),
            "artifactPortfolioName": "n",
        },
    ),
    mutation(
        "linkArtifact",
        "with a protected alias",
        "✓ ✓ 403 403 | 404 404 | 404 404 | 404 404 404",
        "versionIndex",
        lambda s: {
            **of_registry(s),
            "artifactID": artifact(s.free_source),
            "artifactPortfolioName": "n",
            "aliases": [{"alias": "production", "artifactCollectionName": "n"}],
        },
    ),
    mutation(
        "unlinkArtifact",
        "one that is not protected",
        REGISTRY_MEMBERS,
        "success",
        lambda s: {"artifactID": artifact(s.other), "artifactPortfolioID": portfolio(s.other)},
    ),
    mutation(
        "unlinkArtifact",
        "a protected one",
        REGISTRY_ADMINS,
        "success",
        lambda s: {
            "artifactID": artifact(s.protected),
            "artifactPortfolioID": portfolio(s.protected),
        },
    ),
    mutation(
        "addAliases", "a custom one", REGISTRY_MEMBERS, "success", lambda s: alias(s.custom, "n")
    ),
    mutation(
        "addAliases",
        "a protected one",
        REGISTRY_ADMINS,
        "success",
        lambda s: alias(s.custom, "production"),
    ),
    mutation(
        "addAliases",
        "in the project",
        PROJECT_WRITERS,
        "success",
        lambda s: alias(s.free_source, "n"),
    ),
    mutation(
        "deleteAliases",
        "a custom one",
        REGISTRY_MEMBERS,
        "success",
        lambda s: alias(s.custom, "candidate"),
    ),
    mutation(
        "deleteAliases",
        "a protected one",
        REGISTRY_ADMINS,
        "success",
        lambda s: alias(s.protected, "production"),
    ),
]
