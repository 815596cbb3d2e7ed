"""What is always true of people: the database refuses it even when nobody else does."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.callers import OPERATOR
from accounts.models import (
    ApiKey,
    Entity,
    OrganizationMembership,
    SignInLink,
    Team,
    TeamMembership,
    User,
)
from accounts.operations.api_keys import create_api_key

pytestmark = pytest.mark.django_db


def test_no_entity_is_the_twin_of_another_by_case(organization):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entity.objects.create(name="SMLE-Reg", kind=Entity.Kind.PERSON)


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "é"])
def test_no_entity_has_a_name_an_address_could_not_hold(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entity.objects.create(name=name, kind=Entity.Kind.PERSON)


def test_an_email_is_one_persons_whatever_its_case_and_none_is_no_email(viewer, outsider):
    assert viewer.email == outsider.email == ""
    User.objects.filter(pk=viewer.pk).update(email="v@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=outsider.pk).update(email="V@Example.org")


def test_nobody_has_two_roles_in_an_organization_or_a_team(organization, team, member):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationMembership.objects.create(organization=organization, user=member, role="admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMembership.objects.create(group=team, user=member, role="admin")


def test_no_two_keys_or_links_have_one_digest(viewer, outsider):
    key, _ = create_api_key(OPERATOR, viewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(user=outsider, prefix="abcd", sha256=key.sha256)
    SignInLink.objects.create(user=viewer, sha256="0" * 64, expires_at=key.created_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInLink.objects.create(user=outsider, sha256="0" * 64, expires_at=key.created_at)


def test_a_person_a_team_and_an_organization_that_anything_belongs_to_stay(
    organization, team, member, version
):
    for thing in (member, team, organization, member.entity, team.entity, organization.entity):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()


def test_the_database_itself_keeps_people_whose_names_are_in_the_history(member, version):
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_user WHERE id = %s", [member.pk])
        connection.check_constraints()


def test_what_is_secret_is_in_no_text_of_a_row(viewer):
    key, secret = create_api_key(OPERATOR, viewer)
    assert secret not in f"{key} {key!r} {vars(key)}"
    assert secret[4:] not in str(list(ApiKey.objects.values_list()))


def test_rows_are_called_by_the_names_people_know(organization, team, member):
    membership = organization.memberships.get(user=member)
    assert str(organization) == str(organization.entity) == "smle-reg"
    assert str(team) == "smle-reg-team-2"
    assert str(membership) == "member in smle-reg"
    assert str(team.memberships.get(user=member)) == "member in smle-reg-team-2"
    assert Team.objects.get() == team
