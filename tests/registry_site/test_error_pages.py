"""What a person is told when the database cannot do its part."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.operations.people import create_user
from registry_site.error_pages import fault
from tests.accounts.faulty_database import no_changes

PASSWORD = "long enough for a test"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def test_who_signs_in_while_nothing_can_be_written_is_not_told_of_too_many_attempts(db):
    create_user(OPERATOR, "ada", password=PASSWORD)
    browser = Client(raise_request_exception=False)
    with no_changes():
        answer = browser.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert answer.status_code == 503
    assert "The database takes no changes for now." in answer.content.decode()
    again = browser.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert again.status_code == 302


def test_a_page_says_that_the_database_does_not_answer(project, member):
    browser = Client(raise_request_exception=False)
    browser.force_login(member)

    def silent(*_):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(silent):
        answer = browser.get(reverse("project", args=[project.entity.name, project.name]))
    assert answer.status_code == 503
    assert "The database does not answer; try again." in answer.content.decode()


def test_what_is_wrong_in_the_program_is_no_fault_of_the_database(project, member):
    browser = Client(raise_request_exception=False)
    browser.force_login(member)

    def broken(*_):
        raise LookupError

    with connection.execute_wrapper(broken):
        answer = browser.get(reverse("project", args=[project.entity.name, project.name]))
    assert answer.status_code == 500
    assert "Something broke on the server" in answer.content.decode()


@pytest.mark.parametrize(("place", "status"), [("files", 503), ("elsewhere", 500)])
def test_a_page_says_that_files_cannot_be_used(place, status, rf, settings, tmp_path):
    settings.WAYMARK_DATA = tmp_path
    (tmp_path / place).write_bytes(b"")
    try:
        (tmp_path / place / "incoming").open()
    except NotADirectoryError:
        answer = fault(rf.get("/"))
    assert answer.status_code == status
    says_so = "This server cannot use its files for now." in answer.content.decode()
    assert says_so is (status == 503)
