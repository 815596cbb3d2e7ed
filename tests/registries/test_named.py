"""What scripts name by words: registries, projects, and versions by number or alias."""

from __future__ import annotations

import pytest

from artifacts.operations.projects import create_project
from registries.named import (
    NamedVersion,
    collection_named,
    project_named,
    source_of,
    version_named,
    version_of,
)
from registries.operations.drafts import announce_version
from tests.personas import caller_of
from tests.things import COLLECTION, log

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "number"), [("v0", 0), ("V1", 1), ("latest", 1)])
def test_a_version_is_named_by_its_number_or_by_an_alias(name, number, second_version):
    found = version_named(second_version.collection.project_id, COLLECTION, name)
    assert found.number == number


@pytest.mark.parametrize("name", ["v2", "v99999999999999999999", "nightly"])
def test_a_version_that_is_not_there_is_none(name, second_version):
    assert version_named(second_version.collection.project_id, COLLECTION, name) is None


def test_a_version_is_found_by_its_content(second_version):
    home = second_version.collection.project
    artifact = second_version.artifact_id
    assert version_of(NamedVersion(home, COLLECTION, artifact)) == second_version
    assert version_of(NamedVersion(home, "Dogs", artifact)) is None


def test_the_source_of_a_version_comes_with_whether_it_is_seen_there(source, member, outsider):
    assert source_of(member, source.artifact_id) == (source, True)
    assert source_of(outsider, source.artifact_id) == (source, False)


def test_an_artifact_that_is_pending_has_no_source(member, project):
    artifact = announce_version(caller_of(member), project, "large", "model", "d", tags=[])
    assert source_of(member, artifact.pk) is None


def test_a_project_is_named_by_its_entity_in_any_case(project, member, outsider):
    entity = project.entity.name
    assert project_named(member, entity.upper(), project.name) == project
    assert project_named(member, entity, project.name.upper()) is None
    assert project_named(outsider, entity, project.name) is None


def test_what_is_written_decomposed_is_found_composed_and_decomposed(team, member, registry):
    written = "cafe\u0301"
    project = create_project(caller_of(member), team.entity, written)
    made = log(member, project, "a", name=written, aliases=[written])
    for name in (written, "caf\u00e9"):
        assert project_named(member, team.entity.name, name) == project
        assert collection_named(project, name) == made.collection
        assert version_named(project.pk, name, name) == made
        assert version_named(project.pk, name, "v0") == made
        assert version_of(NamedVersion(project, name, made.artifact_id)) == made
