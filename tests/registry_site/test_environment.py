from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site import environment


def test_without_an_address_the_database_is_sqlite_in_the_data_folder(tmp_path):
    settings = environment.database("", tmp_path)
    assert settings["ENGINE"] == "registry_site.queued_sqlite3"
    assert settings["NAME"] == tmp_path / "waymark.sqlite3"


@pytest.mark.parametrize("url", ["", "sqlite:////srv/waymark.sqlite3"])
def test_every_sqlite_database_takes_its_write_lock_at_once_and_loses_nothing(url, tmp_path):
    options = environment.database(url, tmp_path)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_postgresql_is_reached_by_its_address(tmp_path):
    settings = environment.database("postgres://ada:s3@db.example:5433/waymark", tmp_path)
    assert settings["ENGINE"] == "registry_site.postgresql"
    assert (settings["HOST"], settings["PORT"]) == ("db.example", 5433)
    assert (settings["USER"], settings["PASSWORD"]) == ("ada", "s3")
    assert settings["NAME"] == "waymark"


def test_another_kind_of_database_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="postgres:// or sqlite://"):
        environment.database("mysql://db.example/waymark", tmp_path)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("https://registry.example", "https://registry.example"),
        ("https://registry.example:8443/", "https://registry.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_address_is_scheme_and_host(text, address):
    assert environment.base_url(text) == address


@pytest.mark.parametrize(
    "text", ["registry.example", "ftp://registry.example", "https://", "https://a.example/path"]
)
def test_anything_else_is_refused_as_base_address(text):
    with pytest.raises(ImproperlyConfigured, match="must be like https:"):
        environment.base_url(text)


def test_this_machine_is_always_an_allowed_host():
    assert environment.allowed_hosts([], "") == ["localhost", "127.0.0.1", "[::1]"]


def test_the_configured_names_and_the_base_address_are_allowed_hosts_too():
    hosts = environment.allowed_hosts(["a.example"], "https://b.example:8443")
    assert hosts[3:] == ["a.example", "b.example"]


def test_an_allowed_host_is_named_once():
    assert environment.allowed_hosts(["localhost"], "http://[::1]:8000") == list(
        environment.ALWAYS_ALLOWED_HOSTS
    )


def test_a_secret_key_is_made_once_and_kept(tmp_path):
    folder = tmp_path / "data"
    key = environment.secret_key(folder)
    assert len(key) >= 64
    assert environment.secret_key(folder) == key


def test_only_the_owner_can_read_the_secret_key(tmp_path):
    folder = tmp_path / "data"
    environment.secret_key(folder)
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_starts_at_the_same_time_agree_on_one_secret_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(environment.secret_key, [tmp_path] * 64))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
