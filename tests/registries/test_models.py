"""What is always true of registries: the database refuses it even when nobody else does."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.errors import Conflict
from artifacts.models import Project
from registries.models import (
    AcceptedType,
    Alias,
    Collection,
    CollectionTag,
    Event,
    ProtectedAlias,
    Registry,
    RegistryPersonRole,
    RegistryTeamRole,
    Version,
)
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.things import put


@contextmanager
def refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        yield
        connection.check_constraints()


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_no_alias_is_called_like_a_number(version, subtests):
    for name in ["v0", "v3", "V3", "ｖ３", "v²", "v" + "1" * 100]:
        with subtests.test(name=name), refused_by_the_database():
            Alias.objects.create(
                collection=version.collection,
                version=version,
                name=name,
                changed_by=version.linked_by,
            )


def test_no_alias_is_a_twin_of_latest_or_without_form(version, subtests):
    for name in ["Latest", "LATEST", "ｌａｔｅｓｔ", "", "a/b", "a:b"]:
        with subtests.test(name=name), refused_by_the_database():
            Alias.objects.create(
                collection=version.collection,
                version=version,
                name=name,
                changed_by=version.linked_by,
            )


def test_an_alias_called_v3_is_refused_even_by_plain_sql(version):
    with refused_by_the_database():
        sql(
            "INSERT INTO registries_alias (name, folded, counter, changed_at, changed_by_id,"
            " collection_id, version_id) VALUES ('v3', 'v3', 1, %s, %s, %s, %s)",
            timezone.now(),
            version.linked_by_id,
            version.collection_id,
            version.pk,
        )


def test_an_alias_points_at_one_version(version, second_version, member):
    put(member, version, "best")
    with refused_by_the_database():
        Alias.objects.create(
            collection=version.collection, version=second_version, name="best", changed_by=member
        )


def test_a_number_is_given_once_in_a_collection(version, second_version):
    with refused_by_the_database():
        Version.objects.filter(pk=second_version.pk).update(number=0)


def test_an_artifact_is_in_a_collection_once(version):
    with refused_by_the_database():
        Version.objects.create(
            collection=version.collection,
            artifact=version.artifact,
            number=7,
            linked_by=version.linked_by,
        )


def test_a_version_that_carries_an_alias_is_not_deleted_even_by_plain_sql(protected_version):
    with refused_by_the_database():
        sql("DELETE FROM registries_version WHERE id = %s", protected_version.pk)
    assert Version.objects.filter(pk=protected_version.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_refusal_of_plain_sql_holds_at_a_real_commit(protected_version):
    with pytest.raises(Conflict), transaction.atomic():
        sql("UPDATE registries_event SET version_id = NULL, from_version_id = NULL")
        sql("DELETE FROM registries_version WHERE id = %s", protected_version.pk)
    assert Version.objects.filter(pk=protected_version.pk).exists()
    assert Alias.objects.filter(version=protected_version, name="production").exists()


def test_nothing_above_or_below_a_protected_version_is_deleted_by_plain_sql(
    protected_version, subtests
):
    for table in [
        "registries_collection",
        "registries_registry",
        "artifacts_project",
        "artifacts_artifact",
    ]:
        with subtests.test(table=table), refused_by_the_database():
            sql(f"DELETE FROM {table}")


def test_django_refuses_the_same_cascades(protected_version, registry, team, member):
    for thing in (
        protected_version,
        protected_version.collection,
        protected_version.artifact,
        protected_version.artifact.project,
        registry.project,
        team,
        team.entity,
        member,
        registry.organization,
    ):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()


def test_the_counter_of_an_alias_has_no_twin_in_the_history(version):
    event = Event.objects.get(kind="alias.added", collection=version.collection, alias="latest")
    event.pk = None
    with refused_by_the_database():
        event.save(force_insert=True)


def test_a_registry_has_a_name_of_its_own_without_case(registry, organization):
    project = Project.objects.create(entity=organization.entity, name="wandb-registry-MODEL")
    with refused_by_the_database():
        Registry.objects.create(project=project, organization=organization, name="MODEL")


def test_a_core_registry_is_never_restricted(registry):
    with refused_by_the_database():
        Registry.objects.filter(pk=registry.pk).update(visibility="restricted")


def test_a_name_is_protected_once_whatever_its_case(registry, admin):
    ProtectedAlias.objects.create(registry=registry, name="production", created_by=admin)
    for name in ("production", "Production", "ＰＲＯＤＵＣＴＩＯＮ"):
        with refused_by_the_database():
            ProtectedAlias.objects.create(registry=registry, name=name, created_by=admin)


def test_a_collection_has_a_name_of_its_own_without_slash(version, member):
    for name in ("", "a/b", version.collection.name):
        with refused_by_the_database():
            Collection.objects.create(
                project=version.collection.project,
                kind="portfolio",
                name=name,
                type="dataset",
                created_by=member,
                changed_by=member,
            )


def test_tags_and_accepted_types_stand_once(version, registry):
    CollectionTag.objects.create(collection=version.collection, name="zoo")
    AcceptedType.objects.create(registry=registry, name="model")
    with refused_by_the_database():
        CollectionTag.objects.create(collection=version.collection, name="zoo")
    with refused_by_the_database():
        AcceptedType.objects.create(registry=registry, name="model")


def test_nobody_has_two_grants_in_a_registry(registry, admin, member, team):
    own, of_team = RegistryPersonRole.objects.get(user=admin), RegistryTeamRole.objects.get()
    for row in (own, of_team):
        row.pk = None
        with refused_by_the_database():
            row.save(force_insert=True)


def test_events_outlive_what_they_tell_of(version, member):
    kept = Event.objects.filter(collection=version.collection)
    pks = list(kept.values_list("pk", flat=True))
    version.aliases.all().delete()
    collection = version.collection
    version.delete()
    collection.delete()
    left = Event.objects.filter(pk__in=pks)
    assert left.count() == len(pks)
    assert set(left.values_list("collection_name", flat=True)) == {"Zoo_Classifier_Models"}
    assert set(left.values_list("collection", "version")) == {(None, None)}


def test_rows_are_called_by_the_names_people_know(version, registry, organization, member):
    assert str(version) == "Zoo_Classifier_Models:v0"
    assert str(version.collection) == "Zoo_Classifier_Models"
    assert str(version.aliases.get()) == "latest"
    assert str(create_registry(caller_of(member), organization, "Own")) == "Own"
    assert str(Event.objects.latest("pk")) == "member.role_set by member"


def test_the_kinds_of_events_are_those_automations_may_start_from():
    assert set(Event.Kind.values) == {
        "version.linked",
        "version.unlinked",
        "version.edited",
        "alias.added",
        "alias.moved",
        "alias.removed",
        "alias.protected",
        "alias.unprotected",
        "tag.added",
        "tag.removed",
        "collection.created",
        "collection.edited",
        "collection.deleted",
        "registry.created",
        "registry.edited",
        "registry.deleted",
        "project.deleted",
        "run.deleted",
        "member.role_set",
        "member.removed",
    }
