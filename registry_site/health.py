"""Whether this server can serve."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.errors import Unavailable
from artifacts.storage import folder_of

# Comparing migrations reads many files. A process that found all applied need not look again.
found_migrated = Event()


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part works, else 503; the body says which one does not."""
    parts = {"database": database_is_ready(), "files": files_can_be_kept()}
    is_ready = all(parts.values())
    answers = {name: "ok" if works else "failing" for name, works in parts.items()}
    return JsonResponse(
        {"status": "ok" if is_ready else "failing"} | answers, status=200 if is_ready else 503
    )


def database_is_ready() -> bool:
    """It answers and has every table."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not found_migrated.is_set() and not has_unapplied_migrations():
            found_migrated.set()
    except Error:
        return False
    return found_migrated.is_set()


def has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def files_can_be_kept() -> bool:
    try:
        for folder in _folders_of_files():
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"waymark")
    except (OSError, Unavailable):
        return False
    return True


def _folders_of_files() -> Iterator[Path]:
    """The data folder first: below one that is lost nothing is made."""
    yield Path(settings.WAYMARK_DATA)
    incoming = folder_of("incoming")
    yield incoming.parent
    yield incoming
    yield folder_of("sha256")
