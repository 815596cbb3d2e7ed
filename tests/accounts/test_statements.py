"""A prepared queryset finds what the queryset finds; a row is written as `save()` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from accounts.callers import OPERATOR
from accounts.models import Entity, TeamMembership, User
from accounts.operations.people import create_user, deactivate_user
from accounts.stand_ins import Shape
from accounts.statements import kept, prepared, run
from accounts.written_rows import insert_row, update_row
from artifacts.models import Project
from artifacts.permissions import projects_visible_to

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Order(Shape):
    column: str


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


def test_an_instance_is_changed_and_saved_like_any_other(admin, member):
    (found,) = users_named(member.username, "person")
    found.full_name = "Somebody Else"
    found.save()
    member.refresh_from_db()
    assert member.full_name == "Somebody Else"
    found.refresh_from_db()
    assert found.entity.pk == member.entity_id


def test_columns_left_out_are_fetched_when_they_are_asked_for(member):
    @prepared
    def names_alone(user_id: int) -> QuerySet[User]:
        return User.objects.filter(pk=user_id).only("username")

    (found,) = names_alone(member.pk)
    assert found.get_deferred_fields() >= {"full_name", "entity_id"}
    assert found.full_name == member.full_name


def test_whoever_listens_for_new_instances_hears_of_them(member):
    heard: list[User] = []

    def hear(instance: User, **_: object) -> None:
        heard.append(instance)

    @prepared
    def again(user_id: int) -> QuerySet[User]:
        return User.objects.filter(pk=user_id)

    post_init.connect(hear, sender=User)
    try:
        (found,) = again(member.pk)
    finally:
        post_init.disconnect(hear, sender=User)
    assert heard == [found]


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


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_a_number_that_no_database_holds_is_in_no_row(member, number):
    assert numbers_above(number) == []
    assert len(numbers_above(-number)) == User.objects.count()
    assert numbers_above.asking(number).alone() == []


def test_an_argument_that_is_changed_on_its_way_is_refused(admin):
    @prepared
    def cut(name: str) -> QuerySet[User]:
        return User.objects.filter(username=name[:3])

    with pytest.raises(TypeError):
        cut("admin")


def test_an_argument_that_stands_twice_in_one_value_is_refused(admin):
    @prepared
    def twice(name: str) -> QuerySet[User]:
        return User.objects.filter(full_name__contains=f"{name} {name}")

    with pytest.raises(TypeError):
        twice("admin")


def test_letters_are_looked_for_behind_a_sign_and_signs_of_like_mean_themselves(admin, member):
    @prepared
    def with_word(letters: str) -> QuerySet[User]:
        begins = Q(full_name__startswith=letters)
        found = User.objects.filter(begins | Q(full_name__contains=f"_{letters}"))
        return found.order_by("username")

    User.objects.filter(pk=admin.pk).update(full_name="about_50%")
    User.objects.filter(pk=member.pk).update(full_name="50 of about-50%")
    assert with_word("50%") == [admin]
    assert with_word("50") == [admin, member]
    assert with_word("0%") == []


@kept
def people_with(text: str, asked: Order, start: int) -> QuerySet[User]:
    either = Q(username__icontains=text) | Q(full_name__icontains=text)
    found = User.objects.filter(either).order_by(asked.column)
    return found[start:]


@kept
def people_among(ids: tuple[int, ...], name: str) -> QuerySet[User, tuple[int]]:
    found = User.objects.filter(pk__in=ids, entity__name__icontains=name)
    return found.order_by("pk").values_list("pk")


def test_a_term_is_looked_for_as_it_is_written(admin, member):
    for text in ("%", "_", "\\", "MIN", "' OR 1=1 --", "%s", "%%", "nobody"):
        plain = User.objects.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
        assert people_with(text, Order("pk"), 0) == list(plain.order_by("pk"))
    assert admin in people_with("MIN", Order("pk"), 0)


def test_each_shape_is_a_statement_of_its_own(admin, member):
    first, *others = User.objects.filter(username__icontains="m").order_by("pk")
    assert others
    for _ in range(2):
        assert people_with("m", Order("pk"), 0) == [first, *others]
        assert people_with("m", Order("pk"), 1) == others
        assert people_with("m", Order("-pk"), 0) == [first, *others][::-1]


@kept
def people_since(moments: tuple[datetime, ...], name: str) -> QuerySet[User, tuple[str]]:
    found = User.objects.filter(username__icontains=name)
    for moment in moments:
        found = found.filter(date_joined__gte=moment)
    return found.values_list("username")


def test_moments_are_compared_as_the_database_keeps_them(admin, member):
    User.objects.filter(pk=admin.pk).update(date_joined=datetime(2026, 3, 1, 12, tzinfo=UTC))
    for moment, found in (
        (datetime(2026, 3, 1, 12, tzinfo=UTC), [(admin.username,)]),
        (datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC), []),
        (datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1))), [(admin.username,)]),
    ):
        assert people_since((moment,), admin.username) == found
    assert people_since((), admin.username) == [(admin.username,)]


def test_any_number_of_numbers_may_be_asked_for(admin, member, viewer):
    ids = sorted([admin.pk, member.pk, viewer.pk])
    for asked in (ids, ids[:1], [], ids[::-1], [*ids, *ids], [ids[1], 2**40]):
        found = people_among(tuple(asked), "")
        assert found == [(one,) for one in ids if one in asked]
    assert people_among((member.pk, admin.pk), admin.username) == [(admin.pk,)]


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
