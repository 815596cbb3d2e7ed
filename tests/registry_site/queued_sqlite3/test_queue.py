"""The queue in front of SQLite's one writer."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import get_context
from pathlib import Path

from registry_site.queued_sqlite3.queue import Queue

FORK = get_context("fork")


def _wait_for_waiting(path: Path, count: int) -> None:
    """Until so many wait for the file, as the kernel tells."""
    inode = f":{path.stat().st_ino} "
    while True:
        locks = Path("/proc/locks").read_text().splitlines()
        if sum(inode in line and "->" in line for line in locks) == count:
            return


def test_writers_come_in_the_order_in_which_they_asked(tmp_path):
    database = tmp_path / "waymark.sqlite3"
    first, came = Queue(str(database)), []
    first.take_turn()

    def write(number: int) -> None:
        place = Queue(str(database))
        place.take_turn()
        came.append(number)
        place.end_turn()
        place.leave()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        _wait_for_waiting(tmp_path / "waymark.sqlite3-queue", number)
    assert came == []
    first.end_turn()
    for thread in threads:
        thread.join()
    assert came == list(range(12))
    first.leave()


def test_the_turn_of_a_killed_process_is_over(tmp_path):
    database = str(tmp_path / "waymark.sqlite3")
    told, tell = FORK.Pipe(duplex=False)

    def hold_for_ever() -> None:
        Queue(database).take_turn()
        tell.send("mine")
        signal.pause()

    holder = FORK.Process(target=hold_for_ever)
    holder.start()
    assert told.recv() == "mine"
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    place = Queue(database)
    place.take_turn()
    assert place.has_turn
    place.leave()


def test_a_database_in_memory_has_no_file_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = Queue(None)
    place.take_turn()
    assert place.has_turn
    place.end_turn()
    place.leave()
    assert list(tmp_path.iterdir()) == []
