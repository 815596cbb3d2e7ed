"""The databases that are measured, kept in a folder between runs: building them takes minutes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.machine.postgresql import program, served_postgresql

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".benchmarks"
VENDORS = ("sqlite", "postgresql")
SIZES = ("small", "big")

# Durable as in the product; what is set here is what docs/self-hosting.md advises.
POSTGRESQL_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "512MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
}

# What the data is made of: it is built anew when one of these changes.
SOURCES = (
    "benchmarks/site_rows.py",
    "benchmarks/site_scene.py",
    "benchmarks/site_sizes.py",
    "tests/access/automated.py",
    "tests/architecture/automation_pages.py",
    "tests/architecture/crowded.py",
    "tests/architecture/furnished.py",
    "tests/things.py",
)


def vendors() -> list[str]:
    """Those this machine has."""
    found = list(VENDORS)
    if program("initdb") is None:
        sys.stdout.write("*** SKIPPED: PostgreSQL, which is not installed.\n")
        found.remove("postgresql")
    return found


@contextmanager
def built(vendor: str, size: str) -> Iterator[dict[str, str]]:
    """The environment of a process that uses this database, built and migrated."""
    folder = KEPT / f"{vendor}-{size}"
    note = folder / "built_from"
    state = _state_of_sources()
    if folder.exists() and (not note.exists() or note.read_text() != state):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _served(vendor, folder) as environment:
        run(environment, "benchmarks.site_prepare")
        if not note.exists():
            scene = (
                "-q",
                "-o",
                "addopts=",
                "--ds=benchmarks.settings",
                "-p",
                "no:cacheprovider",
                "-W",
                "ignore",
            )
            build = environment | {"BENCHMARK_SIZE": size}
            run(build, "pytest", *scene, "benchmarks/site_scene.py")
            note.write_text(state)
        yield environment


def run(environment: dict[str, str], module: str, *arguments: str) -> None:
    """Python's own answer to a failure: an end with its status."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def run_in_turns(
    environments: Sequence[dict[str, str]], module: str, arguments: Sequence[Sequence[str]]
) -> None:
    """As `run()` in each environment, all side by side; but only one works at a time: a process
    gets a line when it is its turn, and writes one when that is over."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", module, *given],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for environment, given in zip(environments, arguments, strict=True)
    ]
    while all(_takes_its_turn(process) for process in processes):
        """Until one of them is done, or has failed."""
    statuses = [_ended(process) for process in processes]
    if any(statuses):
        raise SystemExit(max(statuses))


def _takes_its_turn(process: subprocess.Popen[str]) -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write("\n")
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return bool(process.stdout.readline())


def _ended(process: subprocess.Popen[str]) -> int:
    process.communicate()
    return process.returncode


@contextmanager
def copied(vendor: str, size: str) -> Iterator[dict[str, str]]:
    """The environment of a process that uses a copy of this database, gone afterwards."""
    with built(vendor, size):
        """Built by now, and migrated."""
    with tempfile.TemporaryDirectory(prefix=f"{vendor}-copy-", dir=KEPT) as name:
        # With the owner of each file: the server of PostgreSQL insists on its own.
        subprocess.run(["cp", "-a", f"{KEPT}/{vendor}-{size}/.", name], check=True)
        with _served(vendor, Path(name)) as environment:
            yield environment


@contextmanager
def _served(vendor: str, folder: Path) -> Iterator[dict[str, str]]:
    server = (
        nullcontext("") if vendor == "sqlite" else served_postgresql(folder, POSTGRESQL_OPTIONS)
    )
    with server as address:
        yield os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "WAYMARK_DATA": str(folder / "data"),
            "DATABASE_URL": address,
        }


def _state_of_sources() -> str:
    state = hashlib.sha256()
    for name in SOURCES:
        state.update((ROOT / name).read_bytes())
    return state.hexdigest()
