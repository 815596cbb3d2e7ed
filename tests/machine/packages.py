"""Installs what the tests need from Debian: Chromium and PostgreSQL. Only when missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.machine.chromium import chromium
from tests.machine.postgresql import program


def missing_packages() -> list[str]:
    missing = []
    if chromium() is None:
        missing.append("chromium")
    if program("initdb") is None:
        missing.append("postgresql")
    return missing


def install(packages: list[str]) -> bool:
    """Whether all are there now. A run level of 1 keeps Debian from starting servers."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages],
    )
    for command in commands:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            return False
    return True


def main() -> None:
    packages = missing_packages()
    if not packages:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write(f"Installing from Debian: {', '.join(packages)}\n")
        sys.stdout.flush()
        if install(packages):
            return
    sys.stdout.write(
        f"\n*** Missing: {' and '.join(packages)}. The tests that need it will be SKIPPED.\n"
        f"*** To run them, type this first: sudo apt-get install {' '.join(packages)}\n\n"
    )


if __name__ == "__main__":
    main()
