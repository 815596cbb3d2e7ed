"""The demonstration shows what the product does, by the same operations as everywhere."""

from __future__ import annotations

import pytest

from accounts.errors import Conflict
from accounts.models import User
from artifacts.models import Project
from registries.demonstration import story
from registries.models import Collection, Event, Registry
from registries.permissions import access_for
from registries.roles import Role
from tests.refusals import refused
from tests.things import aliases_of


@pytest.fixture
def told(db):
    story.tell()
    return Registry.objects.get(name="Model")


def test_the_zoo_is_linked_into_model_with_aliases_custom_and_protected(told):
    project = Project.objects.get(name="zoo_experiment")
    assert project.entity.name == "smle-reg-team-2"
    logged = Collection.objects.get(name="zoo_dataset")
    linked = Collection.objects.get(name="Zoo_Classifier_Models")
    assert (logged.project, logged.kind, logged.type) == (project, "sequence", "dataset")
    assert linked.project == told.project
    digests = {version.artifact.digest for version in linked.versions.all()}
    assert len(digests) == linked.versions.count() >= 3
    assert linked.description
    assert linked.tags.exists()
    aliases = aliases_of(linked)
    assert aliases["latest"] == f"v{linked.next_number - 1}"
    assert "production" in aliases
    assert "production" in told.protected_aliases.values_list("name", flat=True)
    assert set(aliases) - {"latest", "production", "staging"}


def test_its_history_is_made_by_people_of_different_roles(told):
    people = User.objects.in_bulk(field_name="username")
    roles = {name: access_for(user, told).role for name, user in people.items()}
    assert {Role.ADMIN, Role.MEMBER, Role.VIEWER} <= set(roles.values())
    acting = set(Event.objects.exclude(actor=None).values_list("actor__username", flat=True))
    assert {roles[name] for name in acting} == {Role.ADMIN, Role.MEMBER}
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"alias.protected", "alias.added", "alias.moved", "version.linked"} <= kinds


def test_nobody_of_it_has_a_password_or_a_key(told):
    for user in User.objects.all():
        assert not user.has_usable_password()
        assert not user.api_keys.exists()


def test_it_is_told_once(told):
    with refused(Conflict, "entity_name_taken"):
        story.tell()
