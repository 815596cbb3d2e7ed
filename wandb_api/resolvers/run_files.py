"""The files a run keeps of itself, listed and handed out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from artifacts.models import Run, RunFile
from registries.patterns import pattern as compiled
from registries.roles import Right
from wandb_api.context import Info
from wandb_api.types.files import MissingFile, RunFileType
from wandb_api.types.lists import Connection
from wandb_api.types.runs import RunType

MOST_FILES_AT_ONCE = 1000


def files_of_run(
    node: RunType,
    info: Info,
    names: list[str | None] | None = None,
    after: str | None = None,
    first: int | None = None,
    pattern: str | None = None,
) -> Connection:
    """Those that have arrived, by name; of those asked for by name the missing ones too.

    `pattern` is one of SQL's LIKE, as the SDK says: `%.json`.
    """
    info.context.access(node.run.project).require(Right.DOWNLOAD)
    kept = _kept(node.run)
    if names:
        wanted = [name or "" for name in names[:MOST_FILES_AT_ONCE]]
        return Connection(_named(kept, wanted), lambda file: file, after=after, first=first)
    if pattern:
        fits = compiled(_expression(pattern)).fullmatch
        found = [file for file in kept if fits(file.name)]
        return Connection(found, RunFileType, after=after, first=first)
    return Connection(kept, RunFileType, after=after, first=first)


def file_count(node: RunType, info: Info) -> int:
    return _kept(node.run).count()


def _kept(run: Run) -> QuerySet[RunFile]:
    arrived = RunFile.objects.filter(run=run, stored_file__isnull=False)
    return arrived.select_related("stored_file").order_by("name", "pk")


def _named(kept: QuerySet[RunFile], names: Iterable[str]) -> list[RunFileType | MissingFile]:
    """In the order asked for. `wandb.restore` takes the first, and looks if it is there."""
    wanted = list(dict.fromkeys(names))
    found = {file.name: file for file in kept.filter(name__in=wanted)}
    return [RunFileType(found[name]) if name in found else MissingFile(name) for name in wanted]


def _expression(like: str) -> str:
    """RE2 for `%`, any text, and `_`, any character; without regard to case, as MySQL has it."""
    parts = {"%": ".*", "_": "."}
    return "(?is)" + "".join(parts.get(letter) or re.escape(letter) for letter in like)
