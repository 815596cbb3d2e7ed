"""Dockerfile and compose.yaml, read as far as that goes without an engine for containers."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from registry_site import environment
from registry_site.proxies import networks
from tests.architecture.source import PACKAGES
from tests.docs.test_self_hosting import names_the_code_reads

ROOT = settings.BASE_DIR
OF_THE_IMAGES = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
OF_POSTGRESQL = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"}
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


def instructions() -> list[tuple[str, str]]:
    """Of the Dockerfile: the word that begins each, and the rest in one line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def all_of(word: str) -> list[str]:
    return [rest for first, rest in instructions() if first == word]


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def copied() -> list[str]:
    from_here = [rest for rest in all_of("COPY") if not rest.startswith("--from")]
    return [source for rest in from_here for source in rest.split()[:-1]]


def test_the_image_holds_the_whole_program_and_nothing_else():
    sources = copied()
    assert all((ROOT / source).exists() for source in sources)
    assert {*PACKAGES, "templates", "static", "manage.py"} <= set(sources)
    assert not {"tests", "benchmarks", "data", ".", ".git"} & set(sources)


def test_what_is_copied_is_not_kept_from_the_engine():
    allowed = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().split()
        if line.startswith("!")
    ]
    assert all(any(fnmatch(source, each) for each in allowed) for source in copied())


def test_the_packages_are_those_of_the_project_at_their_pinned_versions(tmp_path):
    """The step that writes their list is run, and every name of it is pinned."""
    step = next(rest for rest in all_of("RUN") if "tomllib" in rest)
    assert "--constraint constraints.txt" in step
    program = shlex.split(step.partition(" > ")[0])[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["saml"]]
    assert done.stdout.splitlines() == wanted
    pinned = {
        line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    names = {re.split(r"[\[<>=]", name)[0].lower() for name in wanted}
    assert names <= pinned
    assert {"python3-saml", "xmlsec", "lxml", "isodate"} <= pinned


def test_the_program_runs_without_rights():
    user = all_of("USER")
    assert user
    assert user[-1] not in {"root", "0"}
    places = [word for word, _ in instructions()]
    assert places.index("USER") < places.index("CMD")


def test_the_settings_of_the_image_are_settings_and_none_is_a_secret():
    pairs = [pair.split("=", 1) for rest in all_of("ENV") for pair in rest.split()]
    names = {name for name, _ in pairs}
    assert names - OF_THE_IMAGES <= names_the_code_reads()
    assert not [name for name in names if re.search("KEY|SECRET|PASSWORD|URL", name)]


def test_the_image_starts_and_looks_after_what_there_is(client, db):
    assert json.loads(all_of("CMD")[-1])[1:] == ["manage.py", "start"]
    check = all_of("HEALTHCHECK")[-1]
    address = re.search(r"http://127\.0\.0\.1:8000(/\w+)", check)
    assert address
    assert client.get(address.group(1)).status_code == 200


def test_every_service_runs_a_command_there_is(compose):
    for name in ("waymark", "worker"):
        command = compose["services"][name]["command"]
        assert command[:2] == ["python", "manage.py"]
        assert command[2] in get_commands()


def test_the_services_have_settings_that_are_some(compose):
    for name in ("waymark", "worker"):
        assert set(compose["services"][name]["environment"]) <= names_the_code_reads()
    assert set(compose["services"]["database"]["environment"]) == OF_POSTGRESQL


def test_no_secret_stands_in_the_file(compose):
    """What must be secret comes from outside and has no default."""
    text = (ROOT / "compose.yaml").read_text()
    for name, kind, default in VARIABLE.findall(text):
        if re.search("KEY|SECRET|PASSWORD", name):
            assert kind == "?", name
        else:
            assert "@" not in default or name == "WAYMARK_MAIL_FROM"
    assert re.findall(r"postgres://waymark:([^@]*)@", text) == [
        "${POSTGRES_PASSWORD:?write it into .env}"
    ]
    assert "/.env" in (ROOT / ".gitignore").read_text().split()


def test_the_defaults_are_what_a_start_accepts(compose, tmp_path):
    filled = {
        name: VARIABLE.sub(lambda found: found[3] if found[2] == "-" else "s3cret", value)
        for name, value in compose["services"]["waymark"]["environment"].items()
    }
    assert environment.database(filled["DATABASE_URL"], tmp_path)["HOST"] == "database"
    [subnet] = compose["networks"]["inside"]["ipam"]["config"]
    assert networks([filled["WAYMARK_TRUSTED_PROXIES"]]) == networks([subnet["subnet"]])
    assert environment.mail(filled["EMAIL_URL"])


def test_what_must_stay_lies_in_volumes_and_only_this_machine_reaches_the_port(compose):
    services, volumes = compose["services"], compose["volumes"]
    for service in services.values():
        assert {each.split(":")[0] for each in service["volumes"]} <= set(volumes)
    places = {each.split(":")[1] for each in services["waymark"]["volumes"]}
    assert places == set(json.loads(all_of("VOLUME")[-1]))
    assert [port.split(":")[0] for port in services["waymark"]["ports"]] == ["127.0.0.1"]
    assert "ports" not in services["database"]


def test_each_waits_for_what_it_needs_to_be_healthy(compose):
    services = compose["services"]
    for name, needed in {"waymark": "database", "worker": "waymark"}.items():
        assert services[name]["depends_on"] == {needed: {"condition": "service_healthy"}}
    assert services["database"]["healthcheck"]
