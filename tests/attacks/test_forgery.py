"""Another site makes somebody's browser ask: nothing changes, and nobody is led elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.address_table import ROWS
from tests.access.test_addresses import filled, ids, place_of
from tests.refusals import everything, nothing_changes

__all__ = ["ids"]
FORMS = [row for row in ROWS if row.method == "POST" and set(row.outcomes.values()) & {302, 303}]
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)")


def test_no_form_is_accepted_without_the_token_of_the_page(ids, org_admin):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(org_admin)
    assert len(FORMS) > 20
    with nothing_changes():
        for row in FORMS:
            address = reverse(row.name, kwargs=place_of(row, ids))
            answer = forged.post(address, filled(row.body, ids))
            assert answer.status_code == 403, row


def test_no_address_changes_anything_when_it_is_only_read(ids, org_admin):
    reader = Client()
    reader.force_login(org_admin)
    before = everything()
    for row in {row.name: row for row in ROWS}.values():
        address = reverse(row.name, kwargs=place_of(row, ids)) + row.query
        answer = reader.get(address, filled(row.body, ids))
        answer.getvalue() if answer.streaming else answer.content
    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    # Where somebody looked last is noted in their session.
    assert changed <= {"django_session"}


def test_a_session_opens_neither_graphql_nor_uploads(org_admin):
    client = Client()
    client.force_login(org_admin)
    body = {"query": "mutation { createProject { success } }"}
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/graphql", str(body), content_type=content_type)
        assert answer.status_code == 401


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(org_admin, target):
    org_admin.set_password("a password of tests")
    org_admin.save()
    answer = Client().post(
        "/accounts/login/",
        {"login": "org-admin", "password": "a password of tests", "next": target},
        query_params={"next": target},
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a@evil.example"])
def test_no_address_is_made_of_a_host_that_is_not_ours(host, db):
    answer = Client().get("/accounts/login/", headers={"host": host})
    assert answer.status_code == 400
    assert host.encode() not in answer.content
