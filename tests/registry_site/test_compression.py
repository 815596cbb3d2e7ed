"""What is compressed on its way to the browser, and what leaves as it is."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from artifacts.signing import sign_download, sign_manifest
from tests.things import link, log

TEXT = "a,b\n1,2\n" * 1000


@pytest.fixture
def browser(member) -> Client:
    client = Client(headers={"accept-encoding": "gzip, deflate"})
    client.force_login(member)
    return client


@pytest.fixture
def linked(member, project, registry):
    return link(member, log(member, project, TEXT).artifact, registry)


def at(name: str, version, **more) -> str:
    place = {
        "organization": "smle-reg",
        "registry": "Model",
        "collection": version.collection.name,
    }
    return reverse(name, kwargs=place | more)


def test_a_page_comes_compressed_and_is_the_same_page(browser, linked):
    address = at("collection", linked)
    compressed = browser.get(address)
    plain = browser.get(address, headers={"accept-encoding": "identity"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) == len(compressed.content)
    assert "Accept-Encoding" in compressed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(compressed.content) < len(plain.content) / 2
    assert gzip.decompress(compressed.content).count(b"\n") == plain.content.count(b"\n")


def test_the_same_page_is_not_always_of_the_same_length(browser, linked):
    """Else its length would tell whether a guess of a secret on it is right."""
    lengths = {len(browser.get(at("collection", linked)).content) for _ in range(20)}
    assert len(lengths) > 1


def test_a_file_is_downloaded_as_it_is(browser, linked):
    response = browser.get(at("download-file", linked, number=0, file="zoo.csv"))
    assert "Content-Encoding" not in response.headers
    assert int(response.headers["Content-Length"]) == len(TEXT)
    assert response.getvalue() == TEXT.encode()


def test_all_files_are_streamed_as_they_are(browser, linked):
    response = browser.get(at("download-version", linked, number=0))
    assert response.streaming
    assert "Content-Encoding" not in response.headers
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.read("zoo.csv") == TEXT.encode()


def test_the_history_is_streamed_as_it_is(browser, linked):
    response = browser.get(at("export-collection-history", linked))
    assert response.streaming
    assert "Content-Encoding" not in response.headers


def test_scripts_get_bytes_and_manifests_as_they_are(linked):
    script = Client(headers={"accept-encoding": "gzip, deflate"})
    stored = linked.artifact.entries.get().stored_file
    token = sign_download(stored.sha256)
    file = script.get(reverse("stored-file", args=[token, "zoo.csv"]))
    assert "Content-Encoding" not in file.headers
    assert file.getvalue() == TEXT.encode()
    manifest = script.get(reverse("manifest-file", args=[sign_manifest(linked.artifact.pk)]))
    assert "Content-Encoding" not in manifest.headers
    assert "zoo.csv" in json.loads(manifest.content)["contents"]
