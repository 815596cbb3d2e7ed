from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import create_user
from registry_site.preparation import first_administrator, prepare_first_people

pytestmark = pytest.mark.django_db


def test_an_empty_start_has_one_administrator_without_a_password():
    prepare_first_people(with_demonstration=False)
    person = User.objects.get()
    assert person.is_staff
    assert not person.has_usable_password()
    assert first_administrator() == person


def test_people_are_made_on_the_first_start_only():
    create_user(OPERATOR, "ada")
    prepare_first_people(with_demonstration=False)
    assert [person.username for person in User.objects.all()] == ["ada"]


def test_a_service_account_is_not_offered_a_way_in():
    create_user(OPERATOR, "robot", is_staff=True, is_service_account=True)
    assert first_administrator() is None
