"""The web server: processes that are forked from a loaded application and end with it."""

from __future__ import annotations

import ctypes
import http.client
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connections

from registry_site.call_frames import with_room_for_calls
from registry_site.dispatcher import Dispatcher
from registry_site.environment import reachable
from registry_site.processors import OwnProcessor

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from granian.server.mp import MPServer

PROCESSES = 2
# A transfer keeps its thread for as long as it takes; fifty at once leave some for pages.
THREADS_IN_EACH = 40
LARGEST_BUFFER = 64 * 1024
# Of glibc's mallopt(3). Left alone, each thread gets memory of its own, which stays taken.
M_ARENA_MAX, ARENAS = -8, 2
# Of jemalloc, which Granian brings: one such memory for all threads, and what is not used goes back
# at once. Left alone it keeps pieces of transfers for ten seconds, in eight places.
ALLOCATOR_SETTINGS = "_RJEM_MALLOC_CONF", "narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0"
SECONDS_TO_FINISH_REQUESTS = 10
SECONDS_TO_BECOME_READY = 60


def require_free_address(host: str, port: int) -> None:
    """OSError when something listens there already.

    The server itself would not notice: its processes share their port on purpose.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))


def serve(host: str, port: int, announce: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM. Calls `announce` once the server answers."""
    multiprocessing.Process(
        target=_announce_when_ready, args=(host, port, announce), daemon=True
    ).start()
    _share_memory_among_threads()
    # These read the settings of their allocator when they are loaded.
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    server = _numbered_processes()(
        "registry_site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS_IN_EACH,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH_REQUESTS,
        log_level=LogLevels.error,
        http1_settings=HTTP1Settings(max_buffer_size=LARGEST_BUFFER),
    )
    server.on_startup(_end_with_terminal(signal.getsignal(signal.SIGHUP)))
    server.serve(target_loader=_load_in_child, wrap_loader=False)


def _numbered_processes() -> type[MPServer]:
    """Granian's server, whose processes are told their number, from 0 on, when they load."""
    from granian.server.mp import MPServer  # noqa: PLC0415 see serve()

    class NumberedProcesses(MPServer):
        def _spawn_worker(
            self, idx: int, target: Any, callback_loader: Callable[[int], Any], *rest: Any
        ) -> Any:
            """One that takes the place of another has its number."""
            return super()._spawn_worker(idx, target, partial(callback_loader, idx), *rest)

    return NumberedProcesses


def _share_memory_among_threads() -> None:
    """Inherited by the processes. Other systems than glibc have no `mallopt`."""
    os.environ.setdefault(*ALLOCATOR_SETTINGS)
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, ARENAS)


def _end_with_terminal(wanted: object) -> Callable[[], None]:
    """A closed terminal ends the server, unless `nohup` asked to go on. Granian would reload."""

    def set_hangup() -> None:
        goes_on = wanted is signal.SIG_IGN
        signal.signal(
            signal.SIGHUP, signal.SIG_IGN if goes_on else signal.getsignal(signal.SIGTERM)
        )

    return set_hangup


def _load_in_child(number: int) -> WSGIApplication:
    # A session of its own: Ctrl-C reaches the parent alone, which then stops its children.
    # A child that got both signals at once sometimes did not end.
    os.setsid()
    processor = OwnProcessor(number, PROCESSES)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _dispatch_requests(processor)
    from registry_site.wsgi import application  # noqa: PLC0415 loads the whole project

    return application


def _dispatch_requests(processor: OwnProcessor) -> None:
    """Granian has no setting for what its threads call, and asks for it after loading."""
    from granian.server import mp  # noqa: PLC0415 see serve()

    wrapped = mp._wsgi_call_wrap  # type: ignore[attr-defined]

    def dispatched(*options: Any) -> Callable[..., None]:
        return with_room_for_calls(Dispatcher(wrapped(*options), processor))

    mp._wsgi_call_wrap = dispatched  # type: ignore[attr-defined, assignment]


def _end_with_parent() -> None:
    """A parent that is killed cannot tell its children; they notice.

    A child that is not listening to signals yet loses one, so it is told again; whatever it is
    still busy with after the time that requests have, it ends.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    for _ in range(SECONDS_TO_FINISH_REQUESTS):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    os._exit(1)


def leave_nothing_shared_with_children() -> None:
    """Open connections do not survive a fork. Called before the first one."""
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _announce_when_ready(host: str, port: int, announce: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    give_up_at = time.monotonic() + SECONDS_TO_BECOME_READY
    while parent is not None and parent.is_alive() and time.monotonic() < give_up_at:
        if _answers(host, port):
            announce()
            return
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    try:
        connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
