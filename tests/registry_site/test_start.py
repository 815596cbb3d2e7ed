"""`manage.py start` as an operator runs it: a process of its own, on a port of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from registry_site.server import PROCESSES, THREADS_IN_EACH
from tests.faults import places

SECONDS_TO_END = 30
READY = "Ctrl-C stops it."


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database of the kind the suite runs on. "" is SQLite in the data folder."""
    if connection.vendor != "postgresql":
        yield ""
        return
    server = os.environ["DATABASE_URL"]
    name = f"start_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(tmp_path, port, database_url) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "registry_site.settings",
        "DATABASE_URL": database_url,
        "WAYMARK_DATA": str(tmp_path / "data"),
        "WAYMARK_SECRET_KEY": "",
        "WAYMARK_DEMO": "0",
        "PORT": str(port),
    }


@pytest.fixture
def later(environment, django_db_setup) -> Iterator[dict[str, str]]:
    """With the tables an earlier start made. Tests are marked `django_db(transaction=True)`."""
    with places.copy_of(places.tests_own_place()) as place:
        yield environment | place.environment


@contextmanager
def started(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and what it printed until it was ready."""
    command = [sys.executable, "manage.py", "start"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_hangups,  # noqa: PLW1509 nothing else of this process runs in it
    ) as process:
        try:
            assert process.stdout
            lines = list(iter_until(process.stdout.readline, READY))
            yield process, "".join(lines)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS_TO_END)


def _hear_hangups() -> None:
    """Whoever runs the tests by `nohup` would have the server ignore them, as it should."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def iter_until(read: Callable[[], str], last: str) -> Iterator[str]:
    for line in iter(read, ""):
        yield line
        if line.startswith(last):
            return


def children_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def status_of(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as browser:
        browser.request("GET", path)
        return browser.getresponse().status


def refusal(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_TO_END,
    )
    assert done.returncode == 1
    return done.stderr.strip()


def link_in(text: str) -> str:
    found = re.search(r"http://127.0.0.1:\d+(/sign-in/\S+)", text)
    assert found, text
    return found.group(1)


def link_by_command(environment: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "sign_in_link", "administrator"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS_TO_END,
    ).stdout


def test_an_empty_start_serves_and_prints_the_way_in(environment, port):
    with started(environment) as (_, text):
        assert f"Waymark is ready at http://127.0.0.1:{port}\n" in text
        assert f"export WANDB_BASE_URL=http://127.0.0.1:{port}\n" in text
        assert "WANDB_API_KEY" in text
        assert "Sign in as administrator" in text
        for path in ("/healthz", "/ready", link_in(text)):
            assert status_of(port, path) == HTTPStatus.OK
        printed = link_by_command(environment)
        assert printed.startswith(f"http://127.0.0.1:{port}/")
        assert status_of(port, link_in(printed)) == HTTPStatus.OK


@pytest.mark.django_db(transaction=True)
def test_a_later_start_keeps_the_data_and_gives_a_new_link(later, port):
    with started(later) as (_, first):
        pass
    kept = (Path(later["WAYMARK_DATA"]) / "secret_key").read_text()
    with started(later) as (_, second):
        assert link_in(first) != link_in(second)
        assert status_of(port, link_in(first)) == HTTPStatus.OK
    assert (Path(later["WAYMARK_DATA"]) / "secret_key").read_text() == kept


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_running_however_the_server_ends(ending, later, port):
    with started(later) as (process, _):
        process.send_signal(ending)
        process.wait(SECONDS_TO_END)
        assert process.stdout
        # Every process of the server holds the other end: this returns when all have ended.
        process.stdout.read()
        with pytest.raises(ConnectionRefusedError):
            status_of(port, "/healthz")


@pytest.mark.django_db(transaction=True)
def test_scripts_are_answered_on_a_processor_of_each_process_where_there_is_one(later, port):
    usable = os.sched_getaffinity(0)
    with started(later) as (process, _):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as script:
            script.request("POST", "/graphql", "{}")
            assert script.getresponse().status == HTTPStatus.UNAUTHORIZED
        found = {
            frozenset(os.sched_getaffinity(int(thread.name)))
            for child in children_of(process.pid)
            for thread in Path(f"/proc/{child}/task").iterdir()
        }
    own = {frozenset({one}) for one in usable} if len(usable) == PROCESSES else set()
    assert found - own == {frozenset(usable)}
    assert bool(found & own) == bool(own)


HALF = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nusername="
)


@pytest.mark.django_db(transaction=True)
def test_requests_whose_rest_never_comes_leave_the_others_answered(later, port):
    with started(later), ExitStack() as hanging:
        for _ in range(THREADS_IN_EACH - 1):
            half = hanging.enter_context(socket.create_connection(("127.0.0.1", port)))
            half.sendall(HALF)
            assert status_of(port, "/healthz") == HTTPStatus.OK


def test_a_port_in_use_is_one_clear_sentence(environment, port):
    with socket.create_server(("127.0.0.1", port)):
        assert refusal(environment) == (
            f"CommandError: Cannot listen on 127.0.0.1, port {port}: Address already in use. "
            f"Choose another with HOST or PORT, for example PORT={port + 1}."
        )


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "80.5", "9" * 5000])
def test_a_port_that_is_none_is_one_clear_sentence(text, environment):
    assert refusal(environment | {"PORT": text}) == (
        f"Waymark cannot start: PORT must be a number from 1 to 65535, not “{text}”."
    )


def test_a_database_that_does_not_answer_is_one_clear_sentence(environment, port):
    missing = {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{port}/nothing"}
    assert refusal(environment | missing).startswith("CommandError: The database does not answer")


UNSAFE = {
    "any host": ({"WAYMARK_ALLOWED_HOSTS": "*"}, "WAYMARK_ALLOWED_HOSTS: “*” lets anybody"),
    "all hosts below": ({"WAYMARK_ALLOWED_HOSTS": ".org"}, "WAYMARK_ALLOWED_HOSTS: “.org” lets"),
    "no name of a host": (
        {"WAYMARK_ALLOWED_HOSTS": "https://a.example"},
        "WAYMARK_ALLOWED_HOSTS lists names",
    ),
    "a short key": ({"WAYMARK_SECRET_KEY": "s3cret"}, "WAYMARK_SECRET_KEY can be guessed"),
    "a dull key": ({"WAYMARK_SECRET_KEY": "ab" * 40}, "WAYMARK_SECRET_KEY can"),
    "a dull key of secrets": (
        {"WAYMARK_ENCRYPTION_KEYS": "0123456789"},
        "WAYMARK_ENCRYPTION_KEYS must be Fernet keys",
    ),
    "open without a name": ({"HOST": "0.0.0.0"}, "HOST=0.0.0.0 lets other machines in"),
    "in the clear": ({"WAYMARK_BASE_URL": "http://a.example"}, "in the clear"),
    "no known proxy": ({"WAYMARK_BASE_URL": "https://a.example"}, "WAYMARK_TRUSTED_PROXIES"),
    "everybody a proxy": ({"WAYMARK_TRUSTED_PROXIES": "0.0.0.0/0"}, "would trust every address"),
    "no address": ({"WAYMARK_BASE_URL": "a.example"}, "WAYMARK_BASE_URL must be like"),
    "no mail server": ({"EMAIL_URL": "mail.example"}, "EMAIL_URL must be like"),
    "no port of mail": ({"EMAIL_URL": "smtp+tls://a:s3cret@mail.example:x"}, "EMAIL_URL must be"),
    "a mailed password": ({"EMAIL_URL": "smtp://a:s3cret@mail.example"}, "in the clear"),
    "half an address": ({"WAYMARK_BASE_URL": "http://[::1"}, "WAYMARK_BASE_URL must be like"),
    "no database": ({"DATABASE_URL": "postgres://a:s3cret@b:x/c"}, "DATABASE_URL must be like"),
    "a fleeting database": ({"DATABASE_URL": "sqlite://:memory:"}, "a database in memory"),
    "no switch": ({"WAYMARK_ADMIN": "flase"}, "WAYMARK_ADMIN is 1 or 0, not flase."),
    "no amount": ({"WAYMARK_QUOTA_BYTES": "1 TB"}, "WAYMARK_QUOTA_BYTES is a whole number"),
    "too large an amount": ({"WAYMARK_QUOTA_FILES": "9" * 5000}, "has at most 18 digits"),
    "any receiver": ({"WAYMARK_OUTBOUND_ALLOW": "*"}, "“*” is neither a host"),
    "all that is near": ({"WAYMARK_OUTBOUND_ALLOW": "0.0.0.0/0"}, "everything this server reaches"),
    "sign-in in the clear": (
        {
            "WAYMARK_OIDC_URL": "http://a.example",
            "WAYMARK_OIDC_CLIENT_ID": "waymark",
            "WAYMARK_OIDC_CLIENT_SECRET": "s3cret",
        },
        "WAYMARK_OIDC_URL must be an address that begins with https://",
    ),
    "sign-in by a stranger": ({"WAYMARK_OIDC_URL": "https://a.example"}, "WAYMARK_OIDC_CLIENT_ID"),
    "a rule too many": ({"WAYMARK_SIGN_IN_ORIGINS": "https://a.example *"}, "WAYMARK_SIGN_IN"),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_an_unsafe_setting_is_one_clear_sentence_and_nothing_is_made(case, environment):
    setting, sentence = UNSAFE[case]
    told = refusal(environment | setting)
    assert told.startswith("Waymark cannot start: ")
    assert sentence in told
    assert len(told.splitlines()) == 1
    assert "s3cret" not in told
    assert not (Path(environment["WAYMARK_DATA"]) / "waymark.sqlite3").exists()


@pytest.mark.django_db(transaction=True)
def test_a_data_folder_that_everybody_can_read_is_refused(later):
    folder = Path(later["WAYMARK_DATA"])
    folder.chmod(0o755)
    assert f"chmod o-rwx {folder}" in refusal(later)
    folder.chmod(0o700)
    with started(later):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "setting",
    [
        {"WAYMARK_BASE_URL": "https://a.example", "WAYMARK_TRUSTED_PROXIES": "127.0.0.1"},
        {"WAYMARK_BASE_URL": "http://a.example", "WAYMARK_ALLOW_PLAIN_HTTP": "1"},
        {"WAYMARK_BASE_URL": "http://localhost:8000", "HOST": "0.0.0.0"},
    ],
)
def test_a_server_that_is_meant_for_others_starts(setting, later):
    with started(later | setting) as (_, text):
        assert f"Waymark is ready at {setting['WAYMARK_BASE_URL']}\n" in text
