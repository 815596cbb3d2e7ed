"""A whole backup: written beside its place and named last, so that half of one is none.

It goes back the same way: the database comes last, so a server with half of one has no tables.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from artifacts import storage
from registry_site.backups.databases import (
    NAMES,
    copy_database,
    is_empty,
    put_database,
    refuse_damaged,
    refuse_filled,
    refuse_tableless,
)
from registry_site.backups.files import copy_files
from registry_site.backups.notes import read_note, write_note

# Made on first use where the environment gives none. Without them nobody reads the secrets.
KEYS = ("secret_key", "encryption_keys")


def back_up(target: Path) -> dict[str, Any]:
    """Everything as of one moment, into the new folder `target`. What its note tells."""
    if target.exists():
        raise CommandError(f"{target} exists. A backup goes into a new folder.")
    refuse_tableless()
    draft = target.with_name(f"{target.name}.part")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700, parents=True)
    try:
        note, lost = _fill(draft)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if lost:
        raise CommandError(
            f"Files are missing or damaged on this server: {len(lost)}, {lost[0]} first. What "
            f"could be copied is in {draft}."
        )
    draft.rename(target)
    return note


def _fill(draft: Path) -> tuple[dict[str, Any], list[str]]:
    """The note and the SHA-256 of lost files. With such there is no note."""
    with storage.nothing_is_removed():
        files = copy_database(draft)
        lost = copy_files(files, _files_folder(), draft / "files")
    keys = _copy_keys(Path(settings.WAYMARK_DATA), draft)
    parts = [NAMES[connection.vendor], *keys]
    return {} if lost else write_note(draft, connection.vendor, files, parts), lost


def restore(source: Path) -> dict[str, Any]:
    """Puts a backup into an empty database and data folder. What its note tells.

    One that was interrupted is done by doing it again.
    """
    note, files = read_note(source)
    Path(settings.WAYMARK_DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_files()
    refuse_filled(note["database"])
    refuse_damaged(source)
    _copy_whole(files, source / "files")
    _copy_keys(source, Path(settings.WAYMARK_DATA))
    _put_files()
    put_database(source)
    _half_restored().rmdir()
    return note


def refuse_half_restored() -> None:
    """CommandError where a restore was interrupted: it has keys and files, and no database."""
    if not _half_restored().exists():
        return
    if is_empty():
        raise CommandError(
            f"A restore into {settings.WAYMARK_DATA} was interrupted. Do it again; to start "
            "without it, empty that folder first."
        )
    # It was interrupted after the last step.
    shutil.rmtree(_half_restored())


def _refuse_files() -> None:
    """Those that an interrupted restore put there are no reason: its folder is there, empty."""
    was_interrupted = _half_restored().exists() and not any(_half_restored().iterdir())
    if _is_filled(_stored()) and not was_interrupted:
        raise CommandError(f"{_files_folder()} has files. A backup goes into an empty data folder.")


def _copy_whole(files: list[tuple[str, int]], source: Path) -> None:
    """Beside their place, or nothing."""
    draft = _half_restored()
    draft.mkdir(mode=0o700, exist_ok=True)
    if _is_filled(_stored()):
        _stored().rename(draft / "sha256")
    _keep_only({sha256 for sha256, _ in files}, draft / "sha256")
    try:
        lost = copy_files(files, source, draft)
        if lost:
            raise CommandError(
                f"{len(lost)} of the {len(files)} files of this backup are missing or damaged, "
                f"{lost[0]} first. Nothing was put back."
            )
    except Exception:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _keep_only(names: set[str], folder: Path) -> None:
    """Of what an interrupted restore left, which may have been of another backup."""
    for path in folder.glob("*/*"):
        if path.name not in names:
            path.unlink()


def _put_files() -> None:
    """In one step. What is left of the draft says that the database is still to come."""
    _files_folder().mkdir(mode=0o700, exist_ok=True)
    brought = _half_restored() / "sha256"
    if brought.exists():
        brought.rename(_stored())
    for folder in (_files_folder(), _half_restored(), Path(settings.WAYMARK_DATA)):
        storage.flush_folder(folder)


def _is_filled(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _copy_keys(source: Path, target: Path) -> list[str]:
    """Each whole or not at all. The names of those there are."""
    names = [name for name in KEYS if (source / name).exists()]
    for name in names:
        draft = target / f"{name}.part"
        ours_alone = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(ours_alone, "wb") as file:
            file.write((source / name).read_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target / name)
    storage.flush_folder(target)
    return names


def _files_folder() -> Path:
    return Path(settings.WAYMARK_DATA) / "files"


def _stored() -> Path:
    return _files_folder() / "sha256"


def _half_restored() -> Path:
    return Path(settings.WAYMARK_DATA) / "files.part"
