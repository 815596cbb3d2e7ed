"""What is always true of contents: the database refuses it even when nobody else does."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from artifacts.models import ArtifactTag, ManifestEntry, Project, Run, StoredFile
from artifacts.operations.runs import start_run
from tests.personas import caller_of


def test_a_project_has_a_name_of_its_own(project, member):
    for name in ("", "zoo_experiment"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.create(entity=project.entity, name=name, created_by=member)


def test_a_run_has_an_id_of_its_own_in_its_project(project, member):
    run = start_run(caller_of(member), project)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(project=project, name=run.name, created_by=member)


def test_bytes_have_one_row(source):
    stored = StoredFile.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(sha256=stored.sha256, md5=stored.md5, size=stored.size)


def test_a_path_stands_once_in_a_manifest(source):
    entry = source.artifact.entries.get()
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.parametrize("both", [True, False])
def test_an_entry_is_bytes_or_a_reference_never_both_or_neither(source, both):
    stored = StoredFile.objects.get() if both else None
    with pytest.raises(IntegrityError), transaction.atomic():
        ManifestEntry.objects.create(
            artifact=source.artifact,
            path="other",
            digest="d",
            stored_file=stored,
            reference="s3://bucket" if both else "",
        )


def test_a_tag_is_on_a_content_once(source):
    ArtifactTag.objects.create(artifact=source.artifact, name="zoo")
    with pytest.raises(IntegrityError), transaction.atomic():
        ArtifactTag.objects.create(artifact=source.artifact, name="zoo")


def test_what_something_points_at_stays(source, project, member):
    for thing in (source.artifact, project, StoredFile.objects.get(), project.entity, member):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()


def test_the_database_itself_keeps_content_that_a_version_points_at(source):
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM artifacts_manifestentry WHERE artifact_id = %s", [source.artifact_id]
            )
            cursor.execute("DELETE FROM artifacts_artifact WHERE id = %s", [source.artifact_id])
        connection.check_constraints()


def test_rows_are_called_by_the_names_people_know(source, project):
    assert str(project) == "smle-reg-team-2/zoo_experiment"
    assert str(source.artifact).startswith("dataset ")
    assert str(source.artifact.entries.get()) == "zoo.csv"
