"""Processes of the SDK: one that takes many jobs, and scripts that run alone."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

# Where the package lives: here, or in an environment with another release of it.
PYTHON = os.environ.get("WAYMARK_SDK_PYTHON", sys.executable)
RELEASE = subprocess.run(
    [PYTHON, "-c", "from importlib.metadata import version; print(version('wandb'))"],
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()
WORKER = Path(__file__).with_name("worker.py")
# One repeated request makes a script wait for minutes; none of ours takes half of this.
PATIENCE = 60


def environment(folder: Path, base_url: str, elsewhere: str) -> dict[str, str]:
    """All that a script knows of the machine: its own folders, our address, a trap for others."""
    folders = {name: folder / name.lower() for name in ("HOME", "TMPDIR")}
    kinds = ("CACHE", "CONFIG", "DATA", "ARTIFACT")
    folders |= {f"WANDB_{kind}_DIR": folder / kind.lower() for kind in kinds}
    folders["WANDB_DIR"] = folder / "runs"
    for path in folders.values():
        path.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "WANDB_BASE_URL": base_url,
        "WANDB_SILENT": "true",
        "WANDB_ERROR_REPORTING": "false",
        "HTTP_PROXY": elsewhere,
        "HTTPS_PROXY": elsewhere,
        "NO_PROXY": "127.0.0.1,localhost",
        **{name: str(path) for name, path in folders.items()},
    }


def run(command: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


class Worker:
    """Started with the first job, and again after one that took it down."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder = folder
        self._env = env
        self._process: subprocess.Popen[str] | None = None

    def answer(self, job: dict[str, Any], patience: float = PATIENCE) -> Any:
        """What the code of the job put into `answer`, within so many seconds."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        print(json.dumps(job), file=process.stdin, flush=True)
        ready, _, _ = select.select([process.stdout], [], [], patience)
        line = process.stdout.readline() if ready else ""
        if not line:
            self.end()
            raise AssertionError(f"no answer within {patience} s; see {self._folder}")
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["answer"]

    def _start(self) -> subprocess.Popen[str]:
        with (self._folder / "output.log").open("a") as output:
            self._process = subprocess.Popen(
                [PYTHON, str(WORKER)],
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        return self._process

    def end(self) -> None:
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
