"""What a backup says of itself: written last, and looked at before anything is put back.

Files are named by their SHA-256; the note holds that of everything else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from registry_site.backups.databases import StoredFile

FORM = 2
# The first had no SHA-256.
READABLE = (1, FORM)
NOTE = "backup.json"
LIST = "files.json"
SHA256 = re.compile(r"[0-9a-f]{64}")


def write_note(
    folder: Path, database: str, files: list[StoredFile], names: Iterable[str]
) -> dict[str, Any]:
    """Of a backup that is whole but for its note. `names` are its parts beside the files."""
    (folder / LIST).write_text(json.dumps(files))
    note = {
        "form": FORM,
        "made_at": datetime.now(UTC).isoformat(),
        "database": database,
        "files": len(files),
        "bytes": sum(size for _, size in files),
        "sha256": {name: _sha256(folder / name) for name in (*names, LIST)},
    }
    (folder / NOTE).write_text(json.dumps(note, indent=2) + "\n")
    return note


def read_note(folder: Path) -> tuple[dict[str, Any], list[StoredFile]]:
    """The note and the files it counts. CommandError for what is not as the note says."""
    try:
        text = (folder / NOTE).read_text()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandError(f"{folder} is no backup: it has no {NOTE}.") from error
    except OSError as error:
        raise CommandError(f"{folder / NOTE} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _damaged(NOTE) from error
    try:
        note = json.loads(text)
        if note["form"] not in READABLE:
            raise CommandError("This backup was made by a newer Waymark.")
        kept = {name: note[name] for name in ("form", "made_at", "database", "files", "bytes")}
        kept["sha256"] = dict(note.get("sha256", {}))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(NOTE) from error
    for name, sha256 in kept["sha256"].items():
        _require_content(folder / name, sha256)
    return kept, _files_of(folder, kept)


def _require_content(path: Path, sha256: str) -> None:
    if not path.exists():
        raise CommandError(f"This backup is not whole: {path.name} is missing.")
    if _sha256(path) != sha256:
        raise _damaged(path.name)


def _files_of(folder: Path, note: dict[str, Any]) -> list[StoredFile]:
    try:
        files = [(str(sha256), int(size)) for sha256, size in json.loads(_text(folder / LIST))]
    except (ValueError, TypeError) as error:
        raise _damaged(LIST) from error
    as_counted = (note["files"], note["bytes"])
    if (len(files), sum(size for _, size in files)) != as_counted:
        raise _damaged(LIST)
    if not all(SHA256.fullmatch(sha256) for sha256, _ in files):
        raise _damaged(LIST)
    return files


def _text(path: Path) -> str:
    if not path.exists():
        raise CommandError(f"This backup is not whole: {path.name} is missing.")
    return path.read_text()


def _damaged(name: str) -> CommandError:
    return CommandError(f"This backup is damaged: {name} is not what was written.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
