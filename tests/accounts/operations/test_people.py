from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Organization, User
from accounts.operations.api_keys import create_api_key, user_of_api_key
from accounts.operations.organizations import (
    create_organization,
    remove_from_organization,
    set_organization_role,
)
from accounts.operations.people import (
    create_user,
    deactivate_user,
    edit_profile,
    edit_user,
    reactivate_user,
    set_default_entity,
    set_theme,
)
from accounts.operations.sign_in_links import create_sign_in_link, use_sign_in_link
from accounts.operations.teams import create_team
from registries.models import Event
from registries.operations.members import add_member, remove_member
from registries.operations.registries import create_registry
from registries.permissions import access_for
from registries.roles import Role
from tests.personas import caller_of, person
from tests.refusals import refused

GOOD = "correct horse battery"


@pytest.mark.django_db
def test_a_person_is_an_entity_of_their_name_without_a_password():
    user = create_user(OPERATOR, "Mira", email="mira@example.org")
    assert (user.entity.name, user.entity.kind) == ("Mira", "person")
    assert not user.has_usable_password()
    assert not user.is_staff
    assert user.default_entity is None


@pytest.mark.django_db
def test_a_given_password_works_and_is_not_kept():
    user = create_user(OPERATOR, "mira", password=GOOD)
    assert user.check_password(GOOD)
    assert GOOD not in str(list(User.objects.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "short", "password", "12345678901", "mira-mira"])
def test_a_weak_password_is_refused(password):
    with refused(Invalid, "password"):
        create_user(OPERATOR, "mira-mira", password=password)


@pytest.mark.django_db
def test_a_service_account_has_no_password():
    robot = create_user(OPERATOR, "robot", is_service_account=True)
    assert not robot.has_usable_password()
    with refused(Invalid, "password"):
        create_user(OPERATOR, "robot-2", is_service_account=True, password=GOOD)
    with refused(Invalid, "password"):
        edit_user(OPERATOR, robot, password=GOOD)


@pytest.mark.django_db
def test_an_email_is_one_persons_in_any_case():
    create_user(OPERATOR, "mira", email="mira@example.org")
    with refused(Conflict, "email_taken"):
        create_user(OPERATOR, "tomas", email="MIRA@example.org")
    with refused(Invalid, "email"):
        create_user(OPERATOR, "tomas", email="no address")


def test_only_the_operator_makes_changes_and_ends_people(org_admin, viewer):
    by = caller_of(org_admin)
    with refused(NotAllowed):
        create_user(by, "mira", is_staff=True)
    with refused(NotAllowed):
        edit_user(by, org_admin, is_staff=True)
    with refused(NotAllowed):
        deactivate_user(by, viewer)


@pytest.mark.django_db
def test_an_edit_changes_what_is_given_and_leaves_the_rest():
    user = create_user(OPERATOR, "mira", email="mira@example.org", password=GOOD)
    edit_user(OPERATOR, user, is_staff=True)
    user.refresh_from_db()
    assert user.is_staff
    assert user.email == "mira@example.org"
    assert user.check_password(GOOD)
    edit_user(OPERATOR, user, email="MIRA@example.org", password="another good one")
    user.refresh_from_db()
    assert user.is_staff
    assert user.check_password("another good one")


def test_a_new_password_ends_the_sessions(viewer):
    client = Client()
    client.force_login(viewer)
    edit_user(OPERATOR, viewer, password=GOOD)
    assert "_auth_user_id" not in _session_after_a_request(client)


def test_deactivation_ends_sessions_keys_and_links_in_the_same_transaction(viewer, outsider):
    client, other = Client(), Client()
    client.force_login(viewer)
    other.force_login(outsider)
    _, secret = create_api_key(OPERATOR, viewer)
    token = create_sign_in_link(OPERATOR, viewer)
    deactivate_user(OPERATOR, viewer)
    assert user_of_api_key(secret) is None
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [
        str(outsider.pk)
    ]
    assert not viewer.api_keys.filter(revoked_at=None).exists()
    with refused(Invalid, "sign_in_link"):
        use_sign_in_link(token)


def test_the_name_and_the_history_of_a_deactivated_person_stay(member, version):
    deactivate_user(OPERATOR, member)
    events = Event.objects.filter(actor=member)
    assert events.count() >= 3
    assert {event.actor.username for event in events.select_related("actor")} == {"member"}
    with refused(Conflict, "entity_name_taken"):
        create_user(OPERATOR, "Member")


def test_a_deactivated_person_loses_every_role_at_once(member, registry, project):
    deactivate_user(OPERATOR, member)
    assert not access_for(member, registry).can_see()
    assert not access_for(member, project).can_see()


def test_the_last_admin_who_can_sign_in_is_not_deactivated(organization, org_admin):
    client = Client()
    client.force_login(org_admin)
    _, secret = create_api_key(OPERATOR, org_admin)
    with refused(Conflict, "last_admin"):
        deactivate_user(OPERATOR, org_admin)
    assert user_of_api_key(secret) == org_admin
    person("second", organization, "admin")
    deactivate_user(OPERATOR, org_admin)


@pytest.mark.django_db
def test_the_last_admin_is_not_deactivated_even_as_a_guest():
    """The organization has no admin, the maker of the registry left it to a guest."""
    organization = create_organization(OPERATOR, "without-admins")
    maker, guest = person("maker", organization), person("guest")
    registry = create_registry(caller_of(maker), organization, "Left behind")
    add_member(caller_of(maker), registry, guest, Role.ADMIN)
    remove_member(caller_of(guest), registry, maker)
    with refused(Conflict, "last_admin"):
        deactivate_user(OPERATOR, guest)


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_everybody_chooses_their_theme(viewer, theme):
    set_theme(caller_of(viewer), theme)
    viewer.refresh_from_db()
    assert viewer.theme == theme


@pytest.mark.parametrize("theme", ["", "Dark", "blue"])
def test_an_unknown_theme_is_refused(viewer, theme):
    with refused(Invalid, "theme"):
        set_theme(caller_of(viewer), theme)


def test_the_default_entity_is_oneself_or_a_team_of_ones_own(organization, team, member, viewer):
    set_default_entity(caller_of(member), member, member.entity)
    set_default_entity(caller_of(member), member, team.entity)
    for entity in (organization.entity, viewer.entity):
        with refused(NotAllowed):
            set_default_entity(caller_of(member), member, entity)
    with refused(NotAllowed):
        set_default_entity(caller_of(viewer), viewer, team.entity)
    with refused(NotAllowed):
        set_default_entity(caller_of(viewer), member, member.entity)


def test_a_person_without_an_organization_is_possible(outsider):
    assert Organization.objects.filter(members=outsider).count() == 0


def test_a_removed_member_keeps_their_account(organization, member):
    remove_from_organization(OPERATOR, organization, member)
    member.refresh_from_db()
    assert member.is_active


def _session_after_a_request(client):
    """What the session middleware would find for the next request of this browser."""
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    get_user(request)
    return request.session


def test_people_say_of_themselves_what_they_are_called_and_where_mail_goes(viewer, outsider):
    edit_profile(caller_of(viewer), viewer, full_name=" Vi Ewer ", email="Vi@example.org")
    viewer.refresh_from_db()
    assert (viewer.full_name, viewer.email) == ("Vi Ewer", "vi@example.org")
    with refused(Conflict, "email_taken"):
        edit_profile(caller_of(outsider), outsider, email="VI@example.org")
    with refused(Invalid, "full_name"):
        edit_profile(caller_of(viewer), viewer, full_name="a\nb")
    with refused(NotAllowed):
        edit_profile(caller_of(outsider), viewer, full_name="X")


@pytest.mark.django_db
def test_staff_makes_and_deactivates_people_and_becomes_nobody_else(viewer):
    staff = create_user(OPERATOR, "staff", is_staff=True)
    made = create_user(caller_of(staff), "new", email="new@example.org")
    deactivate_user(caller_of(staff), made)
    reactivate_user(caller_of(staff), made)
    with refused(NotAllowed):
        edit_user(caller_of(staff), viewer, password=GOOD)
    with refused(NotAllowed):
        create_sign_in_link(caller_of(staff), viewer)


def test_staff_without_a_role_has_none_in_an_organization(organization, registry, team):
    staff = create_user(OPERATOR, "staff", is_staff=True)
    with refused(NotFound):
        create_team(caller_of(staff), organization, "mine")
    with refused(NotFound):
        set_organization_role(caller_of(staff), organization, staff, "admin")
    assert not access_for(staff, registry).can_see()
