"""A version from the browser: what stands in the form becomes the version's."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from artifacts.models import Artifact
from registries.models import Version
from tests.accounts.faulty_database import full_disk
from tests.refusals import nothing_changes
from tests.registries.views.pages import Page

AT = ["smle-reg-team-2", "zoo_experiment"]
METADATA = {"accuracy": 0.97, "classes": ["mammal", "bird"]}


@pytest.fixture
def browser(project, member):
    client = Client()
    client.force_login(member)
    return client


def form(metadata: str) -> dict[str, object]:
    file = io.BytesIO(b"content")
    file.name = "weights.bin"
    return {"name": "weights", "type": "model", "metadata": metadata, "files": file}


def named(name: str) -> dict[str, object]:
    """As browsers send the form without its script."""
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"'
    parts = [
        *(
            f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}'
            for field, value in (("name", "weights"), ("type", "model"), ("metadata", ""))
        ),
        f"{head}\r\nContent-Type: application/octet-stream\r\n\r\ncontent",
    ]
    body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
    return {"data": body.encode(), "content_type": "multipart/form-data; boundary=edge"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("weights.bin", "weights.bin"),
        ("a&amp;b.txt", "a&amp;b.txt"),
        ("wide\u3000space\u00a0.txt", "wide\u3000space\u00a0.txt"),
        ("\U0001f469\u200d\U0001f52c.txt", "\U0001f469\u200d\U0001f52c.txt"),
        ("q%22uote.txt", 'q"uote.txt'),
        ("100 %.txt", "100 %.txt"),
        ("x" * 300 + ".txt", "x" * 300 + ".txt"),
    ],
)
def test_a_file_keeps_its_name_without_the_script_too(browser, sent, kept):
    assert browser.post(reverse("upload", args=AT), **named(sent)).status_code == 303
    assert Version.objects.get().artifact.entries.get().path == kept


@pytest.mark.parametrize("name", ["back\\slash.txt", "..", "../up.txt", "/etc/passwd", "a%0Ab.txt"])
def test_a_name_that_cannot_be_kept_is_refused_without_the_script_too(browser, name):
    browser.get(reverse("upload", args=AT))  # a session notes its first page
    with nothing_changes():
        answer = browser.post(reverse("upload", args=AT), **named(name))
    assert answer.status_code == 422
    assert "cannot be a file name in an artifact" in answer.content.decode()


def steps(browser: Client, metadata: object):
    asked = {
        "name": "weights",
        "type": "model",
        "metadata": metadata,
        "files": [{"path": "weights.bin", "size": 7}],
    }
    return browser.post(
        reverse("begin-upload", args=AT), json.dumps(asked), content_type="application/json"
    )


def test_metadata_typed_into_the_form_is_the_versions(browser):
    assert browser.post(reverse("upload", args=AT), form(json.dumps(METADATA))).status_code == 303
    assert Version.objects.get().artifact.metadata == METADATA


def test_metadata_sent_by_the_script_is_the_versions(browser):
    begun = steps(browser, json.dumps(METADATA))
    assert begun.status_code == 201
    addresses = begun.json()
    sent = browser.put(
        addresses["files"]["weights.bin"], b"content", content_type="application/octet-stream"
    )
    assert sent.json() == {"size": 7, "whole": True}
    assert browser.post(addresses["finish"]).status_code == 200
    assert Version.objects.get().artifact.metadata == METADATA


def sent(browser: Client) -> dict[str, str]:
    """The addresses of an upload whose files have all arrived."""
    addresses = steps(browser, "").json()
    browser.put(
        addresses["files"]["weights.bin"], b"content", content_type="application/octet-stream"
    )
    return addresses


@pytest.mark.parametrize("is_there_already", [False, True])
def test_whoever_finishes_again_because_the_answer_was_lost_gets_the_version(
    browser, is_there_already
):
    if is_there_already:
        browser.post(sent(browser)["finish"])
    addresses = sent(browser)
    browser.get(reverse("upload", args=AT))
    first = browser.post(addresses["finish"])
    assert first.status_code == 200
    again = browser.post(addresses["finish"])
    assert (again.status_code, again.json()) == (200, first.json())
    assert Version.objects.count() == 1
    assert not Artifact.objects.filter(state=Artifact.State.PENDING).exists()


def test_a_finished_upload_is_not_cancelled_and_a_cancelled_one_not_finished(browser):
    addresses = sent(browser)
    browser.post(addresses["finish"])
    assert browser.post(addresses["cancel"]).json()["code"] == "committed"
    others = sent(browser)
    assert browser.post(others["cancel"]).status_code == 200
    assert browser.post(others["finish"]).status_code == 404
    assert Version.objects.count() == 1


def test_nobody_else_learns_what_an_upload_became(browser, admin):
    for _ in range(2):
        addresses = sent(browser)
        browser.post(addresses["finish"])
    other = Client()
    other.force_login(admin)
    assert other.post(addresses["finish"]).status_code == 404


def test_a_script_is_told_that_its_person_has_signed_out_and_goes_on_where_it_was(browser, member):
    addresses = steps(browser, "").json()
    file = addresses["files"]["weights.bin"]
    browser.logout()
    answers = [
        steps(browser, ""),
        browser.put(file, b"content", content_type="application/octet-stream"),
        browser.get(file),
        browser.post(addresses["finish"]),
        browser.post(addresses["cancel"]),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"signed_out"}
    browser.force_login(member)
    browser.put(file, b"content", content_type="application/octet-stream")
    assert browser.post(addresses["finish"]).status_code == 200


def test_an_empty_field_is_no_metadata(browser):
    assert browser.post(reverse("upload", args=AT), form(" ")).status_code == 303
    assert Version.objects.get().artifact.metadata == {}


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": NaN}', "no json"])
def test_what_is_no_json_object_is_refused_beside_the_field_and_nothing_is_kept(browser, text):
    browser.get(reverse("upload", args=AT))  # a session notes its first page
    with nothing_changes():
        answer = browser.post(reverse("upload", args=AT), form(text))
        begun = steps(browser, text)
    assert answer.status_code == begun.status_code == 422
    assert 'id="metadata-error"' in answer.content.decode()
    assert begun.json()["field"] == "metadata"
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("type_name", ["", "model"])
@pytest.mark.parametrize("name", ["", "\ud800", "a\x00b", "x" * 5000])
def test_a_name_that_is_none_is_refused_beside_its_field_with_and_without_a_type(
    browser, name, type_name
):
    asked = {"name": name, "type": type_name, "files": [{"path": "weights.bin", "size": 7}]}
    begun = browser.post(
        reverse("begin-upload", args=AT), json.dumps(asked), content_type="application/json"
    )
    assert begun.status_code == 422
    assert begun.json()["field"] == "name"


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a full disk is made by SQLite's own limit"
)
def test_who_begins_an_upload_is_told_that_the_disk_is_full(browser):
    files = [{"path": f"{number:0200}", "size": 1} for number in range(5000)]
    asked = {"name": "weights", "type": "model", "files": files}
    given = dict.fromkeys(("aliases", "description", "metadata"), "")
    with full_disk():
        told = browser.post(
            reverse("begin-upload", args=AT), json.dumps(asked | given), "application/json"
        )
    assert told.status_code == 413
    assert told.json()["sentence"] == "The disk of this server is full. Nothing was kept."


def listed(browser: Client, paths: list[str]):
    asked = {"name": "weights", "type": "model", "files": [{"path": p, "size": 7} for p in paths]}
    return browser.post(
        reverse("begin-upload", args=AT), json.dumps(asked), content_type="application/json"
    )


def test_as_many_files_as_an_upload_may_have_may_have_long_names(browser):
    begun = listed(browser, [f"{number:05}{'x' * 245}" for number in range(10_000)])
    assert begun.status_code == 201
    assert len(begun.json()["files"]) == 10_000


def test_a_list_of_files_that_is_too_long_is_refused_with_the_limit(browser):
    browser.get(reverse("upload", args=AT))  # a session notes its first page
    with nothing_changes():
        answer = listed(browser, ["x" * 16_000_000])
    assert answer.status_code == 422
    assert answer.json()["sentence"] == "The names of the files have more than 16 MB."
    assert answer.json()["field"] == "files"


def test_more_files_than_a_form_brings_are_refused_with_the_number(browser):
    browser.get(reverse("upload", args=AT))
    many = [io.BytesIO(b"x") for _ in range(1_001)]
    for number, file in enumerate(many):
        file.name = f"{number}.txt"
    with nothing_changes():
        answer = browser.post(reverse("upload", args=AT), form("") | {"files": many})
    assert answer.status_code == 422
    page = Page(answer)
    assert page.errors()["files"].startswith("Choose at most 1,000 files: ")


def test_more_text_than_a_form_brings_is_refused_with_the_limit(browser):
    browser.get(reverse("upload", args=AT))
    with nothing_changes():
        answer = browser.post(reverse("upload", args=AT), form("x" * 3_000_000))
    assert answer.status_code == 422
    notice = Page(answer).notices()[0]
    assert notice == "Nothing was uploaded. What is typed may have at most 2.6 MB in all."
