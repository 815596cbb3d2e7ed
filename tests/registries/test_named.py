"""What scripts name by words: registries, projects, and versions by number or alias."""

from __future__ import annotations

import pytest

from registries.named import project_named, source_of, version_named, version_of
from tests.things import COLLECTION

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "number"), [("v0", 0), ("V1", 1), ("latest", 1)])
def test_a_version_is_named_by_its_number_or_by_an_alias(name, number, second_version):
    found = version_named(second_version.collection.project_id, COLLECTION, name)
    assert found.number == number


@pytest.mark.parametrize("name", ["v2", "v99999999999999999999", "nightly"])
def test_a_version_that_is_not_there_is_none(name, second_version):
    assert version_named(second_version.collection.project_id, COLLECTION, name) is None


def test_a_version_is_found_by_its_content(second_version, source):
    home = second_version.collection.project_id
    assert version_of(home, COLLECTION, second_version.artifact_id) == second_version
    assert version_of(home, "Dogs", second_version.artifact_id) is None
    assert source_of(source.artifact_id) == source


def test_a_project_is_named_by_its_entity_in_any_case(project, member, outsider):
    entity = project.entity.name
    assert project_named(member, entity.upper(), project.name) == project
    assert project_named(member, entity, project.name.upper()) is None
    assert project_named(outsider, entity, project.name) is None
