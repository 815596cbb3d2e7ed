"""How many queries each page costs: written down, small, and the same however much there is."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.address_table import ROWS, SIGN_IN
from tests.architecture.automation_pages import FORMS_OF_INTEGRATIONS, crowd_automations
from tests.architecture.crowded import crowd
from tests.architecture.pages import PAGES, address_of

MOST_QUERIES = 12
# What shows no page of the organization, and a stream that reads while it is sent.
NOT_COUNTED = {
    "authorize",
    "download-version",
    "project-download-version",
    *FORMS_OF_INTEGRATIONS,
    "upload-file",
    "file-image",
    "project-file-image",
}
WITHOUT_THE_FRAME = ("account_", "mfa_", "socialaccount_")


def test_every_page_is_counted():
    pages = {row.name for row in ROWS if row.method == "GET" and SIGN_IN in row.outcomes.values()}
    bare = {name for name in pages if name.startswith(WITHOUT_THE_FRAME)} - {"mfa_index"}
    assert {name for name, _ in PAGES} == pages - NOT_COUNTED - bare


def count(client: Client) -> dict[tuple[str, str], int]:
    """By page."""
    return {page: visit(client, page) for page in PAGES}


def visit(client: Client, page: tuple[str, str]) -> int:
    address = address_of(page)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code in {200, 302}, address
        response.getvalue()
    return len(captured)


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(furnished):
    admin = Client()
    admin.force_login(furnished.by)
    count(admin)  # the first visit notes the organization in the session
    few = count(admin)
    crowd(furnished)
    crowd_automations()
    many = count(admin)
    assert few == {page: queries for page, (_, queries) in PAGES.items()}
    assert many == few
    assert max(few.values()) <= MOST_QUERIES
