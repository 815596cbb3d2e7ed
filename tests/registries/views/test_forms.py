"""Whatever is wrong with a form: a sentence beside the field, what was typed, nothing changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.registries import accept_types, create_registry
from tests.access.address_table import ROWS
from tests.personas import caller_of, person
from tests.refusals import nothing_changes
from tests.registries.views.form_table import MISTAKES
from tests.registries.views.pages import Browser

WRONG_BODIES = {
    "nothing": ("application/x-www-form-urlencoded", b""),
    "JSON": ("application/json", b'{"name": "x"}'),
    "plain text": ("text/plain", b"name=x"),
    "no content type": ("", b"name=x"),
    "multipart without a boundary": ("multipart/form-data", b"name=x"),
    "broken multipart": ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: x"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"name=x"),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"nam%ff=%ff%ed%a0%80&x=%00"),
    "too many fields": ("application/x-www-form-urlencoded", b"a=1&" * 2000),
    "too large": ("application/x-www-form-urlencoded", b"name=" + b"x" * 3_000_000),
}
# Forms that always lead to a whole page.
WITHOUT_PARTS = {"create-registry", "create-collection", "link-version"}
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
    by = caller_of(admin)
    edit_collection(by, second_version.collection, description="Of *animals*.")
    edit_version(by, second_version, description="Cleaned.", metadata={"rows": 101})
    accept_types(by, registry, ["dataset", "model"])
    return create_registry(by, registry.organization, "Animals", description="All of them.")


@pytest.fixture
def browser(admin, animals):
    browser = Browser(admin)
    # Notes the organization in the session, as any first visit does.
    browser.get("home", organization="smle-reg")
    return browser


def test_a_mistake_is_shown_beside_its_field(browser, subtests):
    for mistake in MISTAKES:
        for part in ("", "some-part"):
            with subtests.test(f"{mistake} {part}"), nothing_changes():
                page = browser.post(mistake.name, mistake.body, part=part, **mistake.at)
                assert page.status == mistake.status
                assert page.is_whole is (not part or mistake.name in WITHOUT_PARTS)
                said = page.errors() if mistake.field else dict(enumerate(all_refusals(page)))
                key = mistake.field or 0
                assert mistake.sentence in said[key]
                assert said[key].endswith(".")


def all_refusals(page):
    return [*page.errors().values(), *page.notices()]


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
def test_a_form_that_cannot_be_read_changes_nothing(kind, browser, subtests):
    client, (content_type, body) = browser.client, WRONG_BODIES[kind]
    for name, at in FORMS:
        if name in ONE_BUTTON or name == "graphql":
            continue
        with subtests.test(name), nothing_changes():
            answer = client.generic("POST", reverse(name, kwargs=dict(at)), body, content_type)
            assert 300 <= answer.status_code < 500
