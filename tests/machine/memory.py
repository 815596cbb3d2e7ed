"""A folder that is no disk, where the machine has one with room: databases are made there by
the hundred."""

from __future__ import annotations

import os
import shutil

ROOM = 2_000_000_000


def memory() -> str | None:
    """For `dir` of `tempfile`; None is wherever temporary files go."""
    folder = "/dev/shm"
    fits = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    return folder if fits else None
