"""Downloads, as the server sends them: outside every transaction."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve, reverse

from accounts.errors import Lost
from artifacts.long_transfers import LONG
from artifacts.models import Artifact
from registries.operations.sources import delete_source, log_version
from registries.operations.uploads import begin_upload
from registries.views import files
from registries.web_addresses import version_address
from tests.personas import caller_of

pytestmark = pytest.mark.django_db(transaction=True)


def logged(member, project, contents):
    given = {path: io.BytesIO(content) for path, content in contents.items()}
    return log_version(caller_of(member), project, "parts", "dataset", given).version


def ask(member, path, method="get", **extra):
    """Past the middlewares, which a test's client ends by itself."""
    request = getattr(RequestFactory(), method)(path, **extra)
    request.user, request.session = member, {}
    found = resolve(path)
    return found.func(request, **found.kwargs)


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_while_a_version_is_downloaded_no_connection_to_the_database_is_held(
    project, member, monkeypatch, at_once
):
    monkeypatch.setattr(files, "ENTRIES_AT_ONCE", at_once)
    contents = {f"{name}.bin": bytes(files.PIECE * 2) for name in "abc"}
    answer = ask(member, version_address(logged(member, project, contents)) + "/download")
    whole, was_connected = b"", set()
    for piece in answer.streaming_content:
        whole += piece
        was_connected.add(connection.connection is not None)
    answer.close()
    assert was_connected == {False}
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == contents


def test_a_version_that_is_deleted_while_it_is_downloaded_is_broken_off(
    project, member, monkeypatch
):
    monkeypatch.setattr(files, "ENTRIES_AT_ONCE", 1)
    version = logged(member, project, {"a": b"first", "b": b"second"})
    answer = ask(member, version_address(version) + "/download")
    pieces = iter(answer.streaming_content)
    next(pieces)
    delete_source(caller_of(member), version, delete_aliases=True)
    assert not Artifact.objects.exists()
    with pytest.raises(Lost):
        list(pieces)
    answer.close()


def test_while_a_long_file_is_downloaded_no_connection_to_the_database_is_held(project, member):
    version = logged(member, project, {"large": bytes(LONG)})
    answer = ask(member, version_address(version) + "/files/large")
    assert connection.connection is None
    assert len(answer.getvalue()) == LONG
    answer.close()


def test_while_a_long_file_comes_from_a_browser_no_connection_to_the_database_is_held(
    project, member
):
    class Watched(io.BytesIO):
        def read(self, size=-1):
            was_connected.add(connection.connection is not None)
            return super().read(size)

    was_connected = set()
    upload, (expected,) = begin_upload(caller_of(member), project, "large", "model", {"a": LONG})
    at = [project.entity.name, project.name, upload.pk, expected.pk]
    extra = {"CONTENT_LENGTH": str(LONG), "wsgi.input": Watched(bytes(LONG))}
    answer = ask(member, reverse("upload-file", args=at), "put", **extra)
    assert answer.status_code == 200
    assert was_connected == {False}
