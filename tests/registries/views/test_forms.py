"""Whatever is wrong with a form: a sentence beside the field, what was typed, nothing changed."""

from __future__ import annotations

import itertools
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registries.models import Alias, Collection
from registries.operations.collections import edit_collection
from registries.operations.edits import edit_version
from registries.operations.registries import accept_types, create_registry
from tests.access.address_table import ROWS
from tests.counts import few_and_all
from tests.personas import caller_of, person
from tests.refusals import nothing_changes
from tests.registries.views.form_table import ANIMALS, MISTAKES, VERSION
from tests.registries.views.pages import COLLECTION, CORE, Browser

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
KEPT = {"name", "description", "type_names", "tags", "names", "who", "metadata", "confirmed_name"}
# Forms that always lead to a whole page.
WITHOUT_PARTS = {"create-registry", "create-collection", "link-version"}
# What these do needs no field: the form is the button.
ONE_BUTTON = {
    "delete-collection",
    "delete-version",
    "delete-artifact",
    "unlink-version",
    "put-back",
    "account_logout",
    "authorize",
}
# Those below an id have a test beside their views.
FORMS = sorted(
    {
        (row.name, tuple(row.at.items()))
        for row in ROWS
        if row.method == "POST" and row.at and "{" not in str(row.at.values())
    },
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
                assert_kept(page, mistake.body)


def all_refusals(page):
    return [*page.errors().values(), *page.notices()]


def assert_kept(page, body):
    """A browser would never send NUL; what is chosen from a list is chosen anew."""
    for name in KEPT & set(body):
        if "\x00" not in body[name]:
            assert body[name] in page.values(name)


@pytest.mark.parametrize("kinds", few_and_all(2, len(WRONG_BODIES)))
def test_a_form_that_cannot_be_read_changes_nothing(kinds, browser, subtests):
    """Every form gets `kinds` of the bodies, the next form the next ones."""
    bodies = itertools.cycle(WRONG_BODIES.items())
    for name, at in FORMS:
        if name.removeprefix("project-") in ONE_BUTTON or name == "graphql":
            continue
        for kind, (content_type, body) in itertools.islice(bodies, kinds):
            with subtests.test(f"{name} {kind}"), nothing_changes():
                address = reverse(name, kwargs=dict(at))
                answer = browser.client.generic("POST", address, body, content_type)
                assert 300 <= answer.status_code < 500


def test_fields_that_are_no_question_of_the_form_are_not_listened_to(browser, admin, registry):
    extra = {
        "role": "admin",
        "is_staff": "on",
        "is_superuser": "on",
        "is_core": "on",
        "counter": "99",
        "organization": "other-org",
        "registry": "Animals",
        "version_index": "7",
        "number": "7",
        "next_number": "70",
        "created_by": "1",
        "actor": "1",
        "digest": "0",
        "id": "1",
        "pk": "1",
    }
    page = browser.post("create-collection", {"name": "Dogs", "type": "model"} | extra, **CORE)
    assert page.status == 303
    made = Collection.objects.get(name="Dogs")
    assert (made.project_id, made.next_number, made.created_by) == (registry.pk, 0, admin)
    assert browser.post("add-aliases", {"name": "tuned"} | extra, **VERSION).status == 303
    alias = Alias.objects.get(name="tuned")
    assert (alias.version.number, alias.counter, alias.changed_by) == (1, 1, admin)
    admin.refresh_from_db()
    assert not admin.is_staff
    assert not admin.is_superuser


def test_an_uploaded_file_is_no_answer_to_a_question(browser):
    file = SimpleUploadedFile("zoo.csv", b"1,2", "text/csv")
    page = browser.post("add-aliases", {"name": file}, **VERSION)
    assert page.errors() == {"name": "Type the name of an alias."}


def test_a_page_that_was_answered_by_a_form_is_a_page_of_its_own(browser):
    answer = browser.post("collection-tags", {"name": "zoo"}, **COLLECTION)
    assert answer.status == 303
    assert "Tags saved." in browser.follow(answer).toasts()
    # Said once.
    assert not browser.get("collection", **COLLECTION).toasts()


def test_a_protection_that_is_not_there_is_not_said_to_have_ended(protected_version, admin):
    browser = Browser(admin)
    browser.get("settings", **CORE)  # notes in the session where the admin looked last
    with nothing_changes():
        page = browser.post(
            "unprotect-alias", {"name": "never-there"}, part="protected-aliases", **CORE
        )
    assert page.toasts() == ["“never-there” is not protected. Nothing was changed."]
    page = browser.post("unprotect-alias", {"name": "production"}, part="protected-aliases", **CORE)
    assert page.toasts() == ["“production” is no longer protected."]


@pytest.mark.parametrize(
    ("name", "at", "body", "part"),
    [
        ("edit-card", COLLECTION, {"description": "Of **animals**."}, "card"),
        ("collection-tags", COLLECTION, {"name": "zoo"}, "collection-tags"),
        ("add-aliases", VERSION, {"name": "tuned"}, "version-aliases"),
        ("remove-aliases", VERSION, {"alias": "latest"}, "version-aliases"),
        ("version-tags", VERSION, {"name": "zoo"}, "version-tags"),
        ("version-description", VERSION, {"description": "New."}, "version-description"),
        ("version-metadata", VERSION, {"metadata": "{}"}, "version-metadata"),
        ("settings-types", CORE, {"types": "all"}, "types"),
        ("protect-aliases", CORE, {"names": "staging"}, "protected-aliases"),
        ("unprotect-alias", CORE, {"name": "production"}, "protected-aliases"),
        ("add-access", CORE, {"who": "bystander", "role": "viewer"}, "members"),
    ],
)
def test_htmx_gets_the_part_that_changed_and_what_was_said(browser, name, at, body, part):
    page = browser.post(name, body, part=part, **at)
    assert page.status == 200
    assert not page.is_whole
    assert page.root.all(id=part)
    assert page.toasts()
    assert {"HX-Request", "HX-Target"} <= set(re.split(r", *", page.headers["Vary"]))


@pytest.mark.parametrize(
    ("name", "at", "body"),
    [
        ("delete-collection", COLLECTION, {}),
        ("unlink-version", VERSION, {}),
        ("settings-general", CORE, {"description": "All."}),
        ("delete-registry", ANIMALS, {"confirmed_name": "Animals"}),
    ],
)
def test_htmx_is_sent_to_the_page_that_is_left(browser, name, at, body):
    page = browser.post(name, body, part="dialog", **at)
    assert page.status == 204
    assert page.headers["HX-Redirect"].startswith("/orgs/smle-reg/")
