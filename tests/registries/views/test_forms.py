"""Whatever is wrong with a form: a sentence beside the field, what was typed, nothing changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from registries.operations.registries import create_registry
from tests.access.address_table import ROWS
from tests.personas import caller_of, person
from tests.refusals import nothing_changes
from tests.registries.views.form_table import MISTAKES
from tests.registries.views.pages import COLLECTION, CORE, Browser

WRONG_BODIES = {
    "nothing": ("application/x-www-form-urlencoded", b""),
    "JSON": ("application/json", b'{"name": "x"}'),
    "plain text": ("text/plain", b"name=x"),
    "no content type": ("", b"name=x"),
    "multipart without a boundary": ("multipart/form-data", b"name=x"),
    "broken multipart": ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: x"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"name=x"),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"name=%ff%ed%a0%80&x=%00"),
    "too many fields": ("application/x-www-form-urlencoded", b"a=1&" * 2000),
    "too large": ("application/x-www-form-urlencoded", b"name=" + b"x" * 3_000_000),
}
# What these do needs no field: the form is the button.
ONE_BUTTON = {"delete-collection", "unlink-version", "account_logout", "authorize"}
FORMS = sorted(
    {(row.name, tuple(row.at.items())) for row in ROWS if row.method == "POST" and row.at},
    key=str,
)


@pytest.fixture
def animals(second_version, protected_version, admin, registry):
    person("bystander")
    person("robot", is_service_account=True)
    return create_registry(caller_of(admin), registry.organization, "Animals")


@pytest.fixture
def browser(admin, animals):
    return Browser(admin)


def test_a_mistake_is_shown_beside_its_field(browser, subtests):
    for mistake in MISTAKES:
        for part in ("", "some-part"):
            with subtests.test(f"{mistake} {part}"), nothing_changes_but_sessions():
                page = browser.post(mistake.name, mistake.body, part=part, **mistake.at)
                assert page.status == mistake.status
                assert page.is_whole is not bool(part)
                said = page.errors() if mistake.field else dict(enumerate(all_refusals(page)))
                key = mistake.field or 0
                assert mistake.sentence in said[key]
                assert said[key].endswith(".")


def all_refusals(page):
    return [*page.errors().values(), *page.notices()]


nothing_changes_but_sessions = nothing_changes


def test_what_was_typed_stays(browser, subtests):
    kept_in = ("name", "description", "type_names", "tags", "names", "who", "metadata")
    for mistake in MISTAKES:
        for part in ("", "some-part"):
            with subtests.test(f"{mistake} {part}"):
                page = browser.post(mistake.name, mistake.body, part=part, **mistake.at)
                for name in kept_in:
                    if name in mistake.body and "\x00" not in mistake.body[name]:
                        assert mistake.body[name] in page.values(name)


@pytest.mark.parametrize("kind", WRONG_BODIES)
def test_a_form_that_cannot_be_read_changes_nothing(kind, admin, animals, subtests):
    client, (content_type, body) = Client(), WRONG_BODIES[kind]
    client.force_login(admin)
    for name, at in FORMS:
        if name in ONE_BUTTON or name == "graphql":
            continue
        with subtests.test(name), nothing_changes():
            answer = client.generic("POST", reverse(name, kwargs=dict(at)), body, content_type)
            assert 300 <= answer.status_code < 500
