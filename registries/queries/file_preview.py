"""The beginning or end of a file as a page shows it: read by the server, never run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from artifacts.models import Run
from artifacts.storage import open_file

CONSOLE = "output.log"
CONSOLE_SHOWN = 64 * 1024
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


@dataclass(frozen=True)
class ConsoleOutput:
    text: str
    is_cut: bool


def console_output(run: Run) -> ConsoleOutput | None:
    """The last of what the script wrote; None while nothing has arrived."""
    row = run.files.filter(name=CONSOLE).select_related("stored_file").first()
    if row is None or row.stored_file is None:
        return None
    try:
        with open_file(row.stored_file) as source:
            start = max(0, row.stored_file.size - CONSOLE_SHOWN)
            source.seek(start)
            text = source.read(CONSOLE_SHOWN).decode(errors="replace")
    except FileNotFoundError:
        return None
    if start:
        text = text.partition("\n")[2]
    return ConsoleOutput(without_control(text), start > 0)


def without_control(text: str) -> str:
    """Without what moves a terminal's cursor or colours it: a page shows the words alone."""
    shown = ANSI.sub("", text.replace("\r\n", "\n"))
    return "".join(letter for letter in shown if letter in "\n\t" or letter.isprintable())
