from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from registry_site import environment
from registry_site.sign_in_providers import providers


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


def test_postgresql_compiles_no_statement_and_heeds_what_its_address_asks(tmp_path):
    url = "postgres://ada:s3@db.example/waymark"
    ours = "-c jit=off -c plan_cache_mode=force_generic_plan"
    assert environment.database(url, tmp_path)["OPTIONS"]["options"] == ours
    asked = environment.database(f"{url}?options=-c%20work_mem%3D8MB", tmp_path)
    assert asked["OPTIONS"]["options"] == f"-c work_mem=8MB {ours}"


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
        ("HTTPS://Registry.Example", "https://registry.example"),
    ],
)
def test_the_base_address_is_scheme_and_host(text, address):
    assert environment.base_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "registry.example",
        "ftp://registry.example",
        "https://",
        "https://a.example/path",
        "https://a.example?path",
        "https://ada:secret@a.example",
        "http://[::1",
        "http://[::1]:",
        "https://a.example:99999",
        "https://a.example:0",
        "https://a.example:abc",
        "https://a mple.org",
        "https://.a.example",
        "https://*",
    ],
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


def test_hosts_addresses_and_ranges_may_be_called(tmp_path):
    texts = ["ci", "build_1.intern.", "10.0.0.7", "10.1.0.0/16", "::1", "[fd00::7]", "fd00::/8", ""]
    assert environment.outbound_allow(texts) == texts


@pytest.mark.parametrize(
    "text", ["*", "*.example.org", ".org", "http://ci", "ci:80", "c i", "10.0.0.1/8", "10.1.0.0/x"]
)
def test_what_is_neither_host_nor_range_may_not_be_called(text):
    with pytest.raises(ImproperlyConfigured, match="is neither a host"):
        environment.outbound_allow(["ci", text])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::", "http://[::1]:9000"),
        ("waymark.intern", "http://waymark.intern:9000"),
    ],
)
def test_a_server_is_reached_from_its_own_machine_where_it_listens(host, address):
    assert environment.local_url(host, 9000) == address


@pytest.mark.parametrize("name", ["a.example", ".a.example", "10.0.0.7", "[fd00::7]", "registry"])
def test_a_name_people_use_is_an_allowed_host(name):
    assert name in environment.allowed_hosts([name], "")


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_a_switch_is_turned_on(word, monkeypatch):
    monkeypatch.setenv("WAYMARK_ADMIN", word)
    assert environment.switch(Env(), "WAYMARK_ADMIN", default=False) is True


@pytest.mark.parametrize("word", ["0", "False", "no", "off"])
def test_a_switch_is_turned_off(word, monkeypatch):
    monkeypatch.setenv("WAYMARK_ADMIN", word)
    assert environment.switch(Env(), "WAYMARK_ADMIN", default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_nobody_touched_stays_as_it_is(default, monkeypatch):
    monkeypatch.setenv("WAYMARK_ADMIN", "")
    assert environment.switch(Env(), "WAYMARK_ADMIN", default=default) is default


@pytest.mark.parametrize(("text", "number"), [("", None), ("0", None), ("12", 12)])
def test_an_amount_of_nothing_has_no_end(text, number, monkeypatch):
    monkeypatch.setenv("WAYMARK_QUOTA_BYTES", text)
    assert environment.amount(Env(), "WAYMARK_QUOTA_BYTES") == number


def test_an_amount_nobody_counts_with_is_refused(monkeypatch):
    monkeypatch.setenv("WAYMARK_QUOTA_BYTES", "9" * 5000)
    with pytest.raises(ImproperlyConfigured, match=r"WAYMARK_QUOTA_BYTES has at most 18 digits\."):
        environment.amount(Env(), "WAYMARK_QUOTA_BYTES")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtp://ada:s3@localhost:1025", "localhost", 1025, False, False),
        ("smtp+tls://ada:s3@mail.example", "mail.example", 587, True, False),
        ("smtp+ssl://ada:s3@mail.example", "mail.example", 465, False, True),
    ],
)
def test_mail_goes_to_the_server_of_its_address_and_does_not_wait_for_ever(
    url, host, port, tls, ssl
):
    found = environment.mail(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert found.get("EMAIL_USE_TLS", False) is tls
    assert found.get("EMAIL_USE_SSL", False) is ssl
    assert found["EMAIL_TIMEOUT"] == 10


def test_without_an_address_letters_appear_where_the_server_was_started():
    assert environment.mail("")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nonsense://a:s3cret@b/c",
        "sqlite:////a.db?foo=bar",
        "sqlite:////a%00.db",
        "postgres://a:s3cret@b/c%00",
    ],
)
@pytest.mark.filterwarnings("error")
def test_an_address_that_names_no_database_is_refused_without_its_password(url, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        environment.database(url, tmp_path)
    assert "s3cret" not in str(refusal.value)


def test_half_an_address_to_sign_in_elsewhere_is_refused(monkeypatch):
    monkeypatch.setenv("WAYMARK_SIGN_IN_ORIGINS", "https://[::1")
    with pytest.raises(ImproperlyConfigured, match="WAYMARK_SIGN_IN_ORIGINS must be an address"):
        providers(Env())
