"""Ends this process by SIGKILL at one chosen point of its work.

The points: before every SQL statement (BEGIN and savepoints among them where the database is
told of them), before and after every COMMIT, before every file is opened, made, renamed or
removed below the folder of files, before and after every flush to the disk, and before every
piece of an upload is read.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

FILE_EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.link"}


@dataclass
class KillPoints:
    """Counts the points it passes from 1 and dies at `fatal`; 0 is never reached."""

    fatal: int = 0
    passed: list[str] = field(default_factory=list)

    def reach(self, what: str) -> None:
        self.passed.append(what)
        if len(self.passed) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on and for ever: for processes made to die."""
        connection.ensure_connection()
        connection.execute_wrappers.append(self._before_statement)
        self._surround(connection, "_commit", "COMMIT")
        self._surround(os, "fsync", "fsync")
        folder = str(Path(settings.WAYMARK_DATA) / "files")
        sys.addaudithook(lambda event, details: self._before_file_step(folder, event, details))

    def bytes_of(self, text: bytes) -> io.BytesIO:
        """An upload whose every reading is a point."""
        return _Upload(text, self.reach)

    def _before_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.reach(f"before {sql[:60]}")
        return execute(sql, params, many, context)

    def _before_file_step(self, folder: str, event: str, details: tuple[Any, ...]) -> None:
        if event in FILE_EVENTS and str(details[0]).startswith(folder):
            self.reach(f"before {event}")

    def _surround(self, owner: Any, name: str, what: str) -> None:
        work = getattr(owner, name)

        def surrounded(*arguments: Any) -> Any:
            self.reach(f"before {what}")
            answer = work(*arguments)
            self.reach(f"after {what}")
            return answer

        setattr(owner, name, surrounded)


class _Upload(io.BytesIO):
    def __init__(self, text: bytes, reach: Callable[[str], None]) -> None:
        super().__init__(text)
        self.reach = reach

    def read(self, size: int | None = -1, /) -> bytes:
        self.reach("before a piece is read")
        return super().read(size)
