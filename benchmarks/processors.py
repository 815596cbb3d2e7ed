"""Processor time of a program and all it started: what a busy machine cannot blur."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(*roots: int) -> float:
    """User and system time of these processes and their living descendants so far."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        used[pid] = (int(fields[11]) + int(fields[12])) / TICKS
    return sum(seconds for pid, seconds in used.items() if _descends(pid, roots, parents))


def postmaster_of(folder: Path) -> int:
    """The first process of the PostgreSQL server kept in `folder`."""
    return int((folder / "cluster/postmaster.pid").read_text().split()[0])


def _descends(pid: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while pid:
        if pid in roots:
            return True
        pid = parents.get(pid, 0)
    return False


def private_bytes(root: int) -> int:
    """Memory that belongs to this process and its living descendants alone, no file behind it."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in path.read_text().splitlines())
        except (OSError, ValueError):
            continue
        pid = int(path.parent.name)
        parents[pid] = int(lines["PPid"])
        used[pid] = 1024 * int(lines.get("RssAnon", "0 kB").split()[0])
    return sum(size for pid, size in used.items() if _descends(pid, (root,), parents))
