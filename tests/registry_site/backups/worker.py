"""A process of its own on the database of its environment.

write   logs versions without end and prints each once it is acknowledged
read    prints every version there is, with the SHA-256 of its bytes as they are read
"""

from __future__ import annotations

import hashlib
import io
import itertools
import secrets
import sys

import django

django.setup()

from accounts.callers import OPERATOR, Caller, Way  # noqa: E402
from accounts.operations.people import create_user  # noqa: E402
from artifacts.operations.projects import create_project  # noqa: E402
from artifacts.storage import open_file  # noqa: E402
from registries.models import Version  # noqa: E402
from registries.operations.sources import log_version  # noqa: E402
from registry_site.preparation import prepare_database  # noqa: E402


def write() -> None:
    prepare_database()
    by = Caller(create_user(OPERATOR, "ada"), Way.SDK)
    project = create_project(by, by.user.entity, "training")
    for number in itertools.count():
        content = secrets.token_bytes(20_000)
        log_version(
            by,
            project,
            name="classifier",
            type_name="model",
            files={"weights.bin": io.BytesIO(content)},
        )
        sys.stdout.write(f"v{number} {hashlib.sha256(content).hexdigest()}\n")
        sys.stdout.flush()


def read() -> None:
    for version in Version.objects.order_by("number").prefetch_related("artifact__entries"):
        (entry,) = version.artifact.entries.all()
        with open_file(entry.stored_file) as stored:
            sys.stdout.write(f"{version.label} {hashlib.sha256(stored.read()).hexdigest()}\n")


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]]()
