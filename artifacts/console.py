"""Lines of what a script wrote to its console, a page at a time or the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from accounts.statements import prepared
from artifacts.models import Run, RunFile, StoredFile
from artifacts.storage import open_file

NAME = "output.log"
FOLDER = "logs/"
LONGEST_LINE = 64 * 1024
# What is read for the last lines, however long they are.
TAIL = 1024 * 1024


@dataclass(frozen=True)
class ConsoleLine:
    """`ends_at` is the byte behind it, where the next one begins."""

    number: int
    text: str
    ends_at: int


@dataclass(frozen=True)
class Console:
    """One file, or the parts of a script that sends its output while it goes on."""

    name: str
    parts: list[StoredFile]

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def lines(self, offset: int) -> Iterator[tuple[bytes, int]]:
        """From the byte `offset` on, and where each ends. Longer ones come in pieces."""
        begins = 0
        for part in self.parts:
            if offset < begins + part.size:
                with open_file(part) as source:
                    source.seek(max(0, offset - begins))
                    while raw := source.readline(LONGEST_LINE):
                        yield raw, begins + source.tell()
            begins += part.size

    def last(self, most: int) -> bytes:
        """At most so many bytes of its end, from the beginning of a line where there is one."""
        start = max(0, self.size - most)
        raw = b"".join(line for line, _ in self.lines(start))
        before, _, rest = raw.partition(b"\n") if start else (b"", b"", raw)
        return rest or before


def console_of(run: Run) -> Console | None:
    """None while it has not arrived: in one file it comes with the end of the run."""
    stored = {row.name: row.stored_file for row in _files_of(run.pk) if row.stored_file}
    if NAME in stored:
        return Console(NAME, [stored[NAME]])
    return Console(FOLDER, list(stored.values())) if stored else None


@prepared
def _files_of(run_id: int) -> QuerySet[RunFile]:
    """The names of parts have the time in them."""
    parts = Q(name__startswith=f"{FOLDER}output_", name__endswith=".log")
    files = RunFile.objects.filter(Q(name=NAME) | parts, run=run_id)
    return files.select_related("stored_file").order_by("name")


def lines_from(console: Console, number: int, offset: int, most: int) -> list[ConsoleLine]:
    """From the byte `offset` on, where the line `number` begins."""
    found = islice(console.lines(offset), most)
    return [ConsoleLine(number + n, _text(raw), ends_at) for n, (raw, ends_at) in enumerate(found)]


def last_lines(console: Console, count: int, most: int) -> list[ConsoleLine]:
    """At most so many, numbered as if there were `count` in all."""
    texts = [_text(raw) for raw in console.last(TAIL).splitlines()]
    first = max(count, len(texts)) - len(texts)
    lines = [ConsoleLine(first + n, text, 0) for n, text in enumerate(texts)]
    return lines[-most:]


def _text(raw: bytes) -> str:
    """Bytes that are no text, and NUL, are shown as what cannot be read."""
    return raw.decode(errors="replace").rstrip("\r\n").replace("\0", "\ufffd")
