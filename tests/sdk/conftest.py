"""The real wandb package, unpatched, in a process of its own before a live server."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import request_started

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.api_keys import create_api_key
from tests.sdk.process import PATIENCE, Worker, environment, run
from tests.sdk.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import CompletedProcess

    from pytest_django.live_server_helper import LiveServer

    Sdk = Callable[..., Any]
    Script = Callable[..., CompletedProcess[str]]

FOLDER = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sdk: lets the real wandb package talk to a live server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.sdk)


@pytest.fixture
def key_of() -> Callable[[User], str]:
    """`key_of(user)`: an API key of that person, the same one at each call."""
    made: dict[int, str] = {}

    def key(user: User) -> str:
        if user.pk not in made:
            made[user.pk] = create_api_key(OPERATOR, user)[1]
        return made[user.pk]

    return key


@pytest.fixture(scope="session")
def trap() -> Iterator[socket.socket]:
    """Where everything goes that a script sends to another machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def traffic(caplog: pytest.LogCaptureFixture, trap: socket.socket) -> Iterator[Traffic]:
    """What reached the server. It has made no mistake, and nothing went to another machine."""
    seen = Traffic()
    request_started.connect(seen.note)
    yield seen
    request_started.disconnect(seen.note)
    faults = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not faults, faults
    with pytest.raises(BlockingIOError):
        trap.accept()


@pytest.fixture(scope="session")
def worker(
    live_server: LiveServer, trap: socket.socket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    folder = tmp_path_factory.mktemp("sdk")
    elsewhere = "http://{}:{}".format(*trap.getsockname())
    working = Worker(folder, environment(folder, live_server.url, elsewhere))
    yield working
    working.end()


@pytest.fixture
def sdk(worker: Worker, key_of: Callable[[User], str], tmp_path: Path, traffic: Traffic) -> Sdk:
    """`sdk(code, name=…)`: what the code, run in the process of the SDK, put into `answer`.

    A keyword argument that is a user gives `api(name)` and `started(name)` their key; all
    others are in `given`. `before` is code too: what several tests have in common.
    """

    def answer(code: str, *, before: str = "", patience: float = PATIENCE, **given: Any) -> Any:
        users = {name: value for name, value in given.items() if isinstance(value, User)}
        others = {name: value for name, value in given.items() if name not in users}
        keys = {name: key_of(user) for name, user in users.items()}
        folder = str(tmp_path / "work")
        job = {"code": before + code, "folder": folder, "given": {**others, "keys": keys}}
        return worker.answer(job, patience)

    return answer


@pytest.fixture
def script(
    live_server: LiveServer,
    trap: socket.socket,
    key_of: Callable[[User], str],
    tmp_path: Path,
    traffic: Traffic,
) -> Script:
    """`script(command, by=user, **environment)`: a program of its own, as people start it."""
    env = environment(tmp_path, live_server.url, "http://{}:{}".format(*trap.getsockname()))
    work = tmp_path / "work"
    work.mkdir()

    def finished(command: list[str], *, by: User, **more: str) -> CompletedProcess[str]:
        return run(command, work, env | {"WANDB_API_KEY": key_of(by)} | more)

    return finished
