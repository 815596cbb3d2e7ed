from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import create_user
from registry_site.preparation import (
    first_administrator,
    prepare_database,
    prepare_first_people,
)
from tests.registry_site.test_start import (  # noqa: F401 fixtures
    database_url,
    environment,
    port,
    started,
    status_of,
)
from tests.sdk.mortal import free_port

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


@pytest.mark.faults
def test_starts_at_once_on_an_empty_database_all_serve(environment, tmp_path):  # noqa: F811
    places = [environment | {"PORT": str(free_port())} for _ in range(2)]
    if connection.vendor == "postgresql":  # As on two machines.
        places[1]["WAYMARK_DATA"] = str(tmp_path / "another")
    with ThreadPoolExecutor() as starts:
        assert list(starts.map(status_when_started, places)) == [200, 200]


def status_when_started(place: dict[str, str]) -> int:
    with started(place):
        return status_of(int(place["PORT"]), "/ready")


def test_tables_of_a_newer_version_are_refused():
    MigrationRecorder(connection).record_applied("registries", "9999_of_a_newer_version")
    with pytest.raises(ImproperlyConfigured, match="made by a newer version of Waymark"):
        prepare_database()


def test_tables_of_a_library_that_is_gone_are_no_newer_version():
    MigrationRecorder(connection).record_applied("a_library", "9999_last")
    prepare_database()
