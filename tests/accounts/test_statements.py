"""A prepared queryset finds what the queryset finds; a row is written as `save()` writes it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext

from accounts.callers import OPERATOR
from accounts.models import Entity, TeamMembership, User
from accounts.operations.people import create_user, deactivate_user
from accounts.statements import insert_row, kept, prepared, run, update_row
from artifacts.models import Project
from artifacts.permissions import projects_visible_to

pytestmark = pytest.mark.django_db


@prepared
def users_named(name: str, kind: str) -> QuerySet[User]:
    found = User.objects.filter(username=name, entity__kind=kind, is_active=True)
    return found.select_related("entity", "default_entity").annotate(small=Lower("username"))


@prepared
def numbers_above(least: int) -> QuerySet[User, tuple[int, str]]:
    return User.objects.filter(pk__gt=least).order_by("pk").values_list("pk", "username")


@prepared
def projects_seen(user: User, name: str) -> QuerySet[Project]:
    return projects_visible_to(user).filter(name=name).select_related("entity")


@prepared
def names_from(kind: str, start: int) -> QuerySet[User, tuple[str]]:
    among = User.objects.filter(entity__kind=kind).order_by("pk").values("pk")[start : start + 2]
    found = User.objects.filter(pk__in=among, username__regex="%|.").order_by("pk")
    return found.values_list("username")


@kept
def names_of(kind: str, start: int) -> QuerySet[User, tuple[str]]:
    return User.objects.filter(entity__kind=kind).order_by("pk").values_list("username")[start:]


def test_rows_are_whole_instances(admin, member):
    (found,) = users_named(member.username, "person")
    assert found == member
    assert found.small == member.username.lower()
    with CaptureQueriesContext(connection) as queries:
        assert found.entity.name == member.username
        assert found.default_entity == member.default_entity
        assert found.date_joined == member.date_joined
    assert not queries.captured_queries


def test_each_call_has_its_own_arguments(admin, member):
    for _ in range(8):
        assert users_named(admin.username, "person") == [admin]
        assert users_named(member.username, "person") == [member]
        assert users_named(member.username, "team") == []


def test_text_is_never_read_as_sql_or_as_a_pattern(admin):
    for name in ("%", "_____", "ad%", "' OR 1=1 --", "%s", "%%s", "\\", "$1", "a\x01b"):
        assert users_named(name, "person") == []


def test_columns_alone_are_told_as_tuples(admin, member):
    assert numbers_above(admin.pk)[-1] == (
        User.objects.order_by("pk").values_list("pk", "username").last()
    )
    assert numbers_above(2**40) == []


def test_a_slice_begins_where_it_is_told_to(admin, member, viewer):
    people = User.objects.filter(entity__kind="person").order_by("pk")
    names = list(people.values_list("username"))
    for start in range(len(names) + 1):
        assert names_from("person", start) == names[start : start + 2]


def test_what_is_planned_anew_for_each_use_finds_the_same(admin, member):
    people = User.objects.filter(entity__kind="person").order_by("pk")
    names = list(people.values_list("username"))
    for start in range(len(names) + 1):
        assert names_of("person", start) == names[start:]


def test_what_a_person_sees_is_the_same_prepared_or_not(project, member, outsider, org_admin):
    for user in (member, outsider, org_admin):
        plain = projects_visible_to(user).filter(name=project.name)
        assert projects_seen(user, project.name) == list(plain)


def test_a_deactivated_person_is_not_taken_for_an_active_one(project, member):
    assert projects_seen(member, project.name)
    deactivate_user(OPERATOR, member)
    member.refresh_from_db()
    assert projects_seen(member, project.name) == []


def test_a_lookup_that_changes_its_argument_is_refused(admin):
    @prepared
    def shouting(name: str) -> QuerySet[User]:
        return User.objects.filter(username__contains=name)

    with pytest.raises(TypeError):
        shouting("admin")


def test_other_arguments_are_refused(admin):
    @prepared
    def by_fraction(share: float) -> QuerySet[User]:
        return User.objects.filter(pk=share)

    with pytest.raises(TypeError):
        by_fraction(0.5)


def test_whoever_counts_statements_sees_them(admin):
    with CaptureQueriesContext(connection) as queries:
        users_named(admin.username, "person")
    assert len(queries) == 1


def test_a_new_row_is_written_whole():
    entity = Entity(name="a-team", kind=Entity.Kind.TEAM)
    insert_row(entity)
    assert entity.pk
    stored = Entity.objects.get(pk=entity.pk)
    assert (stored.name, stored.kind, stored.created_at) == ("a-team", "team", entity.created_at)
    entity.name = "renamed"
    entity.save()
    assert Entity.objects.filter(name__in=["a-team", "renamed"]).count() == 1


def test_an_update_changes_the_named_columns_alone(member, team):
    membership = TeamMembership.objects.get(user=member, group=team)
    since = membership.since
    membership.role = TeamMembership.Role.VIEWER
    membership.since = None
    update_row(membership, "role")
    membership.refresh_from_db()
    assert (membership.role, membership.since) == ("viewer", since)


def test_what_the_database_refuses_is_told_as_django_tells_it():
    insert_row(Entity(name="a-team", kind=Entity.Kind.TEAM))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(Entity(name="A-Team", kind=Entity.Kind.TEAM))
    create_user(OPERATOR, "still-working")


def test_plain_sql_gives_its_rows(admin):
    assert run("SELECT username FROM accounts_user WHERE id = %s", [admin.pk]) == [
        (admin.username,)
    ]
