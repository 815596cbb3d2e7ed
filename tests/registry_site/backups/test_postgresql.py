"""Backups of PostgreSQL as operators set it up: a role without rights beyond its own database."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.registry_site.backups.homes import as_before, lines_of, manage, versions_in, writer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def role_of_ours(new_home) -> Iterator[dict[str, str]]:
    """Its database is its own, and the extension in it a superuser's."""
    role, address = f"role_{uuid.uuid4().hex}", new_home["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {role} LOGIN")
        superuser.execute(f"ALTER DATABASE {address.rpartition('/')[2]} OWNER TO {role}")
        superuser.execute("CREATE EXTENSION pg_trgm")
    yield new_home | {"DATABASE_URL": address.replace("//postgres@", f"//{role}@")}
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(f"REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}")
        superuser.execute(f"DROP ROLE {role}")


def dump_with_comments(address: str, path: Path) -> None:
    """As backups of before had it."""
    command = ["pg_dump", "--format=custom", f"--file={path}", f"--dbname={address}"]
    subprocess.run(command, check=True)


@pytest.mark.parametrize("has_comments", [False, True])
def test_an_extension_of_a_superuser_keeps_no_backup_from_going_back(
    has_comments, home, role_of_ours, tmp_path
):
    with psycopg.connect(home["DATABASE_URL"], autocommit=True) as superuser:
        superuser.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    with writer(home) as process:
        before = lines_of(process, 2)
    copy = tmp_path / "copy"
    manage(home, "backup", str(copy))
    if has_comments:
        dump_with_comments(home["DATABASE_URL"], copy / "database.dump")
        as_before(copy)
    manage(role_of_ours, "restore", str(copy))
    assert versions_in(role_of_ours)[:2] == before


def with_options(home: dict[str, str]) -> dict[str, str]:
    """A name that leads nowhere, and the address beside it: who leaves options out is lost."""
    elsewhere = home["DATABASE_URL"].replace("@127.0.0.1:", "@database.invalid:")
    assert elsewhere != home["DATABASE_URL"]
    return home | {"DATABASE_URL": f"{elsewhere}?hostaddr=127.0.0.1&sslmode=prefer"}


def test_a_backup_reaches_its_database_by_all_that_the_address_asks(home, new_home, tmp_path):
    with writer(home) as process:
        before = lines_of(process, 1)
    manage(with_options(home), "backup", str(tmp_path / "copy"))
    manage(with_options(new_home), "restore", str(tmp_path / "copy"))
    assert versions_in(new_home)[:1] == before


def test_no_password_is_told_to_whoever_lists_what_runs(home, tmp_path):
    """A program in the place of PostgreSQL's writes down what it was called with."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/seen; echo "$PGPASSWORD" >&2; exit 1\n')
    program.chmod(0o700)
    asked = (
        home["DATABASE_URL"].replace("//postgres@", "//postgres:s3cret@") + "?sslpassword=s3cret"
    )
    place = home | {"DATABASE_URL": asked, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with pytest.raises(AssertionError, match="s3cret"):
        manage(place, "backup", str(tmp_path / "copy"))
    assert "s3cret" not in (tmp_path / "seen").read_text()
