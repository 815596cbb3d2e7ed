"""What a start sees to before it serves. Each step does nothing when it was done before."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import create_user
from registry_site.health import has_unapplied_migrations

# What starts lock in a database of PostgreSQL: any number that nobody else locks there.
STARTING = int.from_bytes(b"waymark", "big")


@contextmanager
def preparing_alone() -> Iterator[None]:
    """Of starts that use one data folder or one PostgreSQL the others wait for the first.

    A start that is killed lets go of both.
    """
    settings.WAYMARK_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.WAYMARK_DATA / "starting").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [STARTING])
            yield
        finally:
            connection.close()  # The lock is the session's.


def prepare_database() -> None:
    settings.WAYMARK_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_newer_tables()
    if has_unapplied_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)


def refuse_newer_tables() -> None:
    """A version from before a migration would write rows that its tables no longer take as meant.

    Only migrations of our own count: a library that was taken out leaves its own behind.
    """
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    ours = {
        app.label
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR and app.label in loader.migrated_apps
    }
    newer = sorted(set(loader.applied_migrations) - known)
    for app, name in newer:
        if app in ours:
            raise ImproperlyConfigured(
                f"the database was made by a newer version of Waymark: {app}.{name} is not "
                f"known to {settings.WAYMARK_VERSION}. Run that version, or restore a backup from "
                "before it."
            )


def prepare_first_people(*, with_demonstration: bool) -> None:
    """On a database without users: the demonstration, or one administrator. Whole or not."""
    if get_user_model().objects.exists():
        return
    with transaction.atomic():
        if with_demonstration:
            call_command("create_demonstration", verbosity=0)
        else:
            create_user(OPERATOR, "administrator", is_staff=True)


def first_administrator() -> User | None:
    """The oldest person who may administer this server and sign in."""
    people = User.objects.filter(is_staff=True, is_active=True, is_service_account=False)
    return people.order_by("pk").first()


def prepare_static_files() -> None:
    """Copies, names by content and compresses, when a source has changed since."""
    note = Path(settings.STATIC_ROOT) / ".collected_from"
    state = _state_of_static_sources()
    if note.exists() and note.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    note.write_text(state)


def _state_of_static_sources() -> str:
    """Changes with every name, size and time of change."""
    state = hashlib.sha256()
    for path in sorted(_static_sources()):
        details = path.stat()
        state.update(f"{path} {details.st_size} {details.st_mtime_ns}\n".encode())
    return state.hexdigest()


def _static_sources() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list(None):
            yield Path(storage.path(name))
