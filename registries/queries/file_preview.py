"""The beginning or end of a file as a page shows it: read by the server, never run by anybody."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any

from accounts.errors import Lost
from artifacts.console import console_of
from artifacts.models import ManifestEntry, Run, StoredFile
from artifacts.storage import open_file

CONSOLE_SHOWN = 64 * 1024
TEXT_SHOWN = 256 * 1024
LARGEST_JSON = 1024 * 1024
LARGEST_IMAGE = 20 * 1024 * 1024
ROWS_SHOWN, COLUMNS_SHOWN, LONGEST_CELL = 200, 50, 300
# Sequences of a terminal: colours and movements, then titles and links with their end.
TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)")
# Control characters but tab and line feed, halves of characters, and changes of direction.
NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
SEPARATORS = {".csv": ",", ".tsv": "\t"}
# What a picture begins with. Vector formats are no pictures here: they can hold script.
PICTURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)


@dataclass(frozen=True)
class ConsoleOutput:
    """`name` is that of the file or folder that has all of it."""

    text: str
    is_cut: bool
    name: str


@dataclass(frozen=True)
class Preview:
    """`kind` is image, table, tree, text or nothing; `is_cut` when the file goes on."""

    kind: str
    text: str = ""
    values: Any = None
    rows: list[list[str]] = field(default_factory=list)
    is_cut: bool = False


def console_output(run: Run) -> ConsoleOutput | None:
    """The last of what the script wrote; None while nothing has arrived."""
    console = console_of(run)
    if console is None:
        return None
    try:
        raw = console.last(CONSOLE_SHOWN)
    except Lost:
        return None
    text = as_on_terminal(raw.decode(errors="replace"))
    return ConsoleOutput(text, console.size > CONSOLE_SHOWN, console.name)


def preview_of(entry: ManifestEntry) -> Preview:
    """By what the file holds; its name only says whether text is a table or JSON."""
    stored = entry.stored_file
    if stored is None:
        return Preview("nothing")
    if picture_type(stored):
        return Preview("image")
    raw = _read(stored, LARGEST_JSON)
    text = _text_of(raw)
    if text is None:
        return Preview("nothing")
    ending = entry.path[entry.path.rfind(".") :].lower()
    if ending == ".json" and stored.size <= LARGEST_JSON:
        return _json(text)
    is_cut = stored.size > len(raw)
    if ending in SEPARATORS:
        return _table(text, SEPARATORS[ending], is_cut=is_cut)
    return _text(text, is_cut=is_cut)


def picture_type(stored: StoredFile) -> str | None:
    """Of a raster image by its first bytes; None for anything else, and for what is too large."""
    if stored.size > LARGEST_IMAGE:
        return None
    beginning = _read(stored, 16)
    for mark, at, content_type in PICTURES:
        if beginning[at : at + len(mark)] == mark and (at == 0 or beginning.startswith(b"RIFF")):
            return content_type
    return None


def as_on_terminal(text: str) -> str:
    """Of a line that was written over again and again, as bars of progress are, the last."""
    lines = TERMINAL.sub("", text).split("\n")
    return without_control("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))


def without_control(text: str) -> str:
    """Without what moves a terminal's cursor or colours it, or turns the direction of what
    follows: a page shows the words alone, with all their spaces and joiners."""
    shown = TERMINAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return NOT_SHOWN.sub("", shown)


def _read(stored: StoredFile, most: int) -> bytes:
    with open_file(stored) as source:
        return source.read(most)


def _text_of(raw: bytes) -> str | None:
    """None for what is no text. A character cut at the end does not make it none."""
    if b"\x00" in raw:
        return None
    for spare in range(4):
        try:
            return raw[: len(raw) - spare].decode().removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            if error.end < len(raw) - spare:
                return None
    return None


def _json(text: str) -> Preview:
    try:
        values = json.loads(text)
        # Halves of a character can be written in JSON, and in no page.
        json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return _text(text, is_cut=False)
    if not isinstance(values, dict | list) or not values:
        return _text(text, is_cut=False)
    return Preview("tree", values=values)


def _table(text: str, separator: str, *, is_cut: bool) -> Preview:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) > ROWS_SHOWN:
                is_cut = True
                break
            rows.append([_short(cell) for cell in row[:COLUMNS_SHOWN]])
            is_cut = is_cut or rows[-1] != row
    except csv.Error:
        return _text(text, is_cut=is_cut)
    return Preview("table", rows=rows, is_cut=is_cut) if rows else _text(text, is_cut=is_cut)


def _short(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}…"


def _text(text: str, *, is_cut: bool) -> Preview:
    return Preview(
        "text", text=without_control(text[:TEXT_SHOWN]), is_cut=is_cut or len(text) > TEXT_SHOWN
    )
