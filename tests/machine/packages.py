"""Installs what the tests need from Debian: Chromium and PostgreSQL. Only when missing.

Where Chromium is there with its windows alone, the tests that need it run, only slower.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.machine.chromium import WITHOUT_WINDOWS, chromium
from tests.machine.postgresql import program


def missing_packages() -> list[str]:
    missing = []
    if chromium() is None:
        missing.append(WITHOUT_WINDOWS)
    if program("initdb") is None:
        missing.append("postgresql")
    return missing


def wanted_packages() -> list[str]:
    """What is missing, and what makes the tests quicker."""
    missing = missing_packages()
    if WITHOUT_WINDOWS not in missing and shutil.which(WITHOUT_WINDOWS) is None:
        missing.append(WITHOUT_WINDOWS)
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
    wanted = wanted_packages()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write(f"Installing from Debian: {', '.join(wanted)}\n")
        sys.stdout.flush()
        if install(wanted):
            return
    packages = missing_packages()
    if not packages:
        return
    sys.stdout.write(
        f"\n*** Missing: {' and '.join(packages)}. The tests that need it will be SKIPPED.\n"
        f"*** To run them, type this first: sudo apt-get install {' '.join(packages)}\n\n"
    )


if __name__ == "__main__":
    main()
