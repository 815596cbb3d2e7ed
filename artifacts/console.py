"""Lines of what a script wrote to its console, a page at a time or the last of them."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.models import Run, StoredFile
from artifacts.storage import open_file

NAME = "output.log"
LONGEST_LINE = 64 * 1024
# What is read for the last lines, however long they are.
TAIL = 1024 * 1024


@dataclass(frozen=True)
class ConsoleLine:
    """`ends_at` is the byte behind it, where the next one begins."""

    number: int
    text: str
    ends_at: int


def console_of(run: Run) -> StoredFile | None:
    """None while it has not arrived: it comes with the end of the run."""
    row = run.files.filter(name=NAME).select_related("stored_file").first()
    return None if row is None else row.stored_file


def lines_from(console: StoredFile, number: int, offset: int, most: int) -> list[ConsoleLine]:
    """From the byte `offset` on, where the line `number` begins. Longer ones come in pieces."""
    lines: list[ConsoleLine] = []
    with open_file(console) as source:
        source.seek(offset)
        while len(lines) < most and (raw := source.readline(LONGEST_LINE)):
            lines.append(ConsoleLine(number + len(lines), _text(raw), source.tell()))
    return lines


def last_lines(console: StoredFile, count: int, most: int) -> list[ConsoleLine]:
    """At most so many, numbered as if there were `count` in all."""
    start = max(0, console.size - TAIL)
    with open_file(console) as source:
        source.seek(start)
        if start:
            source.readline()
        texts = [_text(raw) for raw in source.read().splitlines()]
    first = max(count, len(texts)) - len(texts)
    lines = [ConsoleLine(first + n, text, 0) for n, text in enumerate(texts)]
    return lines[-most:]


def _text(raw: bytes) -> str:
    """Bytes that are no text, and NUL, are shown as what cannot be read."""
    return raw.decode(errors="replace").rstrip("\r\n").replace("\0", "\ufffd")
