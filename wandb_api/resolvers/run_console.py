"""The console output of a run, for `run.console_logs`."""
# ruff: noqa: N803 the protocol's name

from __future__ import annotations

import re
from typing import Any

from accounts.errors import Invalid
from artifacts.console import ConsoleLine, console_of, last_lines, lines_from
from registries.roles import Right
from wandb_api.context import Info
from wandb_api.types.lists import Edge, PageInfo
from wandb_api.types.runs import RunType

MOST_LINES = 1000
# The number of the next line, and the byte where it begins.
CURSOR = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


def log_lines_of_run(
    node: RunType,
    info: Info,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    useImprovedPagination: bool | None = None,
) -> dict[str, Any]:
    """Those after a cursor, or the `last`; none while the run has not sent them."""
    info.context.access(node.run.project).require(Right.DOWNLOAD)
    number, offset = _place(after)
    console = console_of(node.run)
    if console is None:
        return _page([], has_more=False)
    if last is not None:
        most = min(max(last, 0), MOST_LINES)
        lines = last_lines(console, node.run.log_line_count, most) if most else []
        return _page(lines, has_more=False)
    most = min(MOST_LINES if first is None else max(first, 0), MOST_LINES)
    lines = lines_from(console, number, offset, most)
    return _page(lines, has_more=bool(lines) and lines[-1].ends_at < console.size)


def _place(after: str | None) -> tuple[int, int]:
    if not after:
        return 0, 0
    found = CURSOR.fullmatch(after)
    if found is None:
        raise Invalid("cursor", "This cursor belongs to no list of lines.")
    return int(found[1]), int(found[2])


def _page(lines: list[ConsoleLine], *, has_more: bool) -> dict[str, Any]:
    edges = [Edge(_shown(line), f"{line.number + 1}:{line.ends_at}") for line in lines]
    end = edges[-1].cursor if edges else None
    return {"edges": edges, "pageInfo": PageInfo(endCursor=end, hasNextPage=has_more)}


def _shown(line: ConsoleLine) -> dict[str, Any]:
    """When it was written, and whether as an error, the file does not say."""
    return {"number": line.number, "line": line.text, "level": "", "label": "", "timestamp": None}
