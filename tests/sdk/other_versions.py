"""Other releases of the wandb package before the same tests.

    .venv/bin/python -m tests.sdk.other_versions 0.30.0 0.29.0

Each release gets an environment of its own that is thrown away afterwards; the tests and the
server stay in this one. What pytest says of each is printed; the exit code is 1 when one failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def tried(version: str, *more: str) -> bool:
    """Whether all tests of the SDK passed with this release."""
    with tempfile.TemporaryDirectory(prefix=f"wandb-{version}-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"wandb=={version}"], check=True)
        print(f"== wandb {version}", flush=True)  # noqa: T201 what this is for
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "tests/sdk", *more]
        env = os.environ | {"WAYMARK_SDK_PYTHON": python}
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


if __name__ == "__main__":
    versions = [argument for argument in sys.argv[1:] if argument[0].isdigit()]
    options = [argument for argument in sys.argv[1:] if argument not in versions]
    failed = [version for version in versions if not tried(version, *options)]
    sys.exit(f"Failed with {', '.join(failed)}" if failed else 0)
