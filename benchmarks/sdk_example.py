"""The first example as its authors run it, before a freshly started server and offline.

    .venv/bin/python -m benchmarks.sdk_example

Prints the median seconds of both and the most the online one may take: 1.5 times the offline one,
which cannot link, and 2 s.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.sdk.examples import BYTES, FIRST
from tests.sdk.mortal import MortalServer, Product, manage
from tests.sdk.process import environment

TIMES = 5
WITHOUT_LINK = FIRST.replace("run.link_artifact(", "run.log_artifact(artifact) or dict(")


def seconds(code: str, folder: Path, env: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, check=True)
    return time.perf_counter() - begun


def furnished(folder: Path) -> tuple[Path, str]:
    data = folder / "furnished"
    data.mkdir()
    manage(data, "migrate", "--verbosity", "0")
    person = ["create_user", "ada", "--organization", "smle-reg", "--org-role", "admin"]
    return data, manage(data, *person, "--team", "smle-reg-team-2", "--api-key").split()[-1]


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data, key = furnished(folder)
        product = Product(data)
        server = MortalServer(product, folder)
        server.start()
        env = environment(folder, server.url, "http://127.0.0.1:9") | {"WANDB_API_KEY": key}
        for name, content in BYTES.items():
            (folder / name).write_bytes(content + os.urandom(8))
        try:
            online = [seconds(FIRST, folder, env) for _ in range(TIMES)]
            apart = env | {"WANDB_MODE": "offline"}
            offline = [seconds(WITHOUT_LINK, folder, apart) for _ in range(TIMES)]
        finally:
            server.end()
            product.end()
    took, alone = statistics.median(online), statistics.median(offline)
    sys.stdout.write(
        f"online {took:.2f} s (first {online[0]:.2f} s), offline {alone:.2f} s, "
        f"at most {1.5 * alone + 2:.2f} s\n"
    )


if __name__ == "__main__":
    main()
