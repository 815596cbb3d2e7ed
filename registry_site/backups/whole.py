"""A whole backup: written beside its place and named last, so that half of one is none."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from artifacts import storage
from registry_site.backups.databases import copy_database, put_database, refuse_filled
from registry_site.backups.files import copy_files

FORM = 1
NOTE = "backup.json"
# Made on first use where the environment gives none. Without them nobody reads the secrets.
KEYS = ("secret_key", "encryption_keys")


def back_up(target: Path) -> dict[str, Any]:
    """Everything as of one moment, into the new folder `target`. What its note tells."""
    if target.exists():
        raise CommandError(f"{target} exists. A backup goes into a new folder.")
    draft = target.with_name(f"{target.name}.part")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700, parents=True)
    with storage.nothing_is_removed():
        files = copy_database(draft)
        lost = copy_files(files, _files_folder(), draft / "files")
    if lost:
        raise CommandError(
            f"{len(lost)} of {len(files)} files are missing or damaged on this server, "
            f"{lost[0]} first. What could be copied is in {draft}."
        )
    _copy_keys(Path(settings.WAYMARK_DATA), draft)
    note = {
        "form": FORM,
        "made_at": datetime.now(UTC).isoformat(),
        "database": connection.vendor,
        "files": len(files),
        "bytes": sum(size for _, size in files),
    }
    (draft / "files.json").write_text(json.dumps(files))
    (draft / NOTE).write_text(json.dumps(note, indent=2) + "\n")
    draft.rename(target)
    return note


def restore(source: Path) -> dict[str, Any]:
    """Puts a backup into an empty database and data folder. What its note tells."""
    note = _note_of(source)
    folder = _files_folder()
    if (folder / "sha256").exists() and any((folder / "sha256").iterdir()):
        raise CommandError(f"{folder} has files. A backup goes into an empty data folder.")
    refuse_filled(source)
    files = [(sha256, size) for sha256, size in json.loads((source / "files.json").read_text())]
    lost = copy_files(files, source / "files", folder)
    if lost:
        raise CommandError(f"{len(lost)} files of this backup are damaged, {lost[0]} first.")
    put_database(source)
    _copy_keys(source, Path(settings.WAYMARK_DATA))
    return note


def _note_of(source: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads((source / NOTE).read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{source} is no backup: it has no {NOTE}.") from error
    if note.get("form") != FORM:
        raise CommandError("This backup was made by a newer Waymark.")
    return note


def _copy_keys(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in KEYS:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
            (target / name).chmod(0o600)


def _files_folder() -> Path:
    return Path(settings.WAYMARK_DATA) / "files"
