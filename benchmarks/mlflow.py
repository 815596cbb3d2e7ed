"""An MLflow server to stand beside: installed into a folder of its own, never into ours."""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.alias_requests import MLFLOW
from benchmarks.names import ALIAS
from benchmarks.servers import free_port, running

ADMIN = "admin"
TIMES = 5


def install(folder: Path) -> Path:
    """Its newest release from the index, with what its auth app needs. The folder is kept."""
    python = folder / "bin/python"
    if not (folder / "bin/mlflow").exists():
        sys.stdout.write(f"Installing MLflow into {folder}\n")
        sys.stdout.flush()
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "mlflow[auth]", "psycopg2-binary"], check=True)
    return folder


def version(folder: Path) -> str:
    code = "import importlib.metadata as m; print(m.version('mlflow'))"
    done = subprocess.run(
        [folder / "bin/python", "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@contextmanager
def serving(
    installed: Path, folder: Path, database: str, *, with_auth: bool
) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Two workers on `database`, as its documentation starts it. Port, process, headers."""
    port = free_port()
    address = database.replace("postgres://", "postgresql+psycopg2://")
    command = [str(installed / "bin/mlflow"), "server", "--backend-store-uri", address]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    environment = {"PATH": f"{installed / 'bin'}:{os.environ['PATH']}"}
    headers: dict[str, str] = {}
    if with_auth:
        password = secrets.token_urlsafe(24)
        command += ["--app-name", "basic-auth"]
        environment |= {
            "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_urlsafe(24),
            "MLFLOW_AUTH_ADMIN_PASSWORD": password,
        }
        pair = base64.b64encode(f"{ADMIN}:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
    with running(command, folder, environment, port, "/health") as process:
        yield port, process.pid, headers


def furnish(port: int, headers: dict[str, str], models: list[str], versions: int) -> None:
    """The models with `versions` versions each, and the alias on the first."""
    for name in models:
        _post(port, headers, "registered-models/create", {"name": name})
        for _ in range(versions):
            source = {"name": name, "source": "s3://models/classifier"}
            _post(port, headers, "model-versions/create", source)
        alias = {"name": name, "alias": ALIAS, "version": "1"}
        _post(port, headers, "registered-models/alias", alias)


def _post(port: int, headers: dict[str, str], path: str, body: dict[str, str]) -> None:
    """Sent again when the server closes the connection instead of answering."""
    for _ in range(TIMES):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(
                "POST",
                f"{MLFLOW}/{path}",
                json.dumps(body),
                headers | {"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            text = answer.read()
        except ConnectionError:
            continue
        finally:
            connection.close()
        if answer.status == http.HTTPStatus.OK or b"RESOURCE_ALREADY_EXISTS" in text:
            return
        raise RuntimeError(f"MLflow answered {answer.status} to {path}: {text[:300]!r}")
    raise RuntimeError(f"MLflow closed the connection of {path} {TIMES} times.")
