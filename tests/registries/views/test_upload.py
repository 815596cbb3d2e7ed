"""A version from the browser: what stands in the form becomes the version's."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from artifacts.models import Artifact
from registries.models import Version
from tests.refusals import nothing_changes

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
