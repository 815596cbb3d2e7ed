from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from registry_site.health import found_migrated

ADDRESSES = ("/healthz", "/ready", "/readyz")

pytestmark = pytest.mark.django_db


@pytest.fixture
def has_looked_at_migrations():
    """Every process looks once; the test decides whether this one has."""
    found_migrated.clear()
    yield
    found_migrated.clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_anybody_learns_that_the_server_can_serve(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "files": "ok"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_lost_data_folder_is_told(client, address, settings):
    settings.WAYMARK_DATA = Path("/nowhere")
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": "ok", "files": "failing"}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("place", ["files", "files/incoming", "files/sha256"])
def test_a_folder_of_files_that_takes_none_is_told(client, address, place, settings, tmp_path):
    settings.WAYMARK_DATA = tmp_path
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_bytes(b"")
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": "ok", "files": "failing"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("place", ["", "incoming", "sha256"])
def test_a_folder_of_files_that_may_not_be_written_is_told(client, place, settings, tmp_path):
    settings.WAYMARK_DATA = tmp_path
    for name in ("incoming", "sha256"):
        (tmp_path / "files" / name).mkdir(parents=True)
    (tmp_path / "files" / place).chmod(0o500)
    assert client.get("/readyz").json()["files"] == "failing"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("has_looked_at_migrations")
def test_a_database_of_an_older_version_is_told(client, address):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registries'")
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.json()["database"] == "failing"


def test_the_answer_is_not_kept(client):
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


def test_health_is_asked_for_and_not_changed():
    assert Client(enforce_csrf_checks=False).post("/healthz").status_code == 405
