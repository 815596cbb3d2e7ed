"""Copying files by their content: each is read as it is copied, so a damaged one is told."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from registry_site.backups.databases import StoredFile

PIECE = 1024 * 1024


def copy_files(files: Iterable[StoredFile], source: Path, target: Path) -> list[str]:
    """The SHA-256 of those that are missing or damaged; all others are copied and flushed."""
    return [sha256 for sha256, size in files if not _copied(sha256, size, source, target)]


def place_in(folder: Path, sha256: str) -> Path:
    return folder / "sha256" / sha256[:2] / sha256


def _copied(sha256: str, size: int, source: Path, target: Path) -> bool:
    """A file that is there with the right size was copied before."""
    place = place_in(target, sha256)
    if place.exists() and place.stat().st_size == size:
        return True
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(".part")
    try:
        found = _copy(place_in(source, sha256), draft)
    except FileNotFoundError:
        return False
    if found != (sha256, size):
        draft.unlink()
        return False
    draft.replace(place)
    return True


def _copy(source: Path, target: Path) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(PIECE):
            digest.update(piece)
            size += len(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest(), size
