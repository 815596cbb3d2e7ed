"""What makes search fast at size: an index of trigrams beside each table of names.

SQLite has an FTS5 table for each, which triggers keep in the transaction of the change whoever
makes it. PostgreSQL has GIN indexes of pg_trgm. Where a server has neither, nothing breaks:
search reads the names themselves, and the log says so.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger("registries.search_index")

FIRST_SQLITE_WITH_TRIGRAMS = (3, 34, 0)
WORD_BREAKS = " _-."
# Stands twice before each word, so that one letter at its beginning is a whole trigram. Names
# have no control characters.
START = "\x01"
_EVENTS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Names:
    """A table with `id` and `folded`. `home` is SQL for the project of a row called `{row}`, so
    that one registry among thousands is searched alone; "" where a name has several."""

    table: str
    home: str = ""

    @property
    def index(self) -> str:
        return f"{self.table}_names"

    @property
    def beginnings(self) -> str:
        """An ordinary index, by code points."""
        return f"{self.table}_beginnings"


_OF_COLLECTION = "(SELECT project_id FROM registries_collection WHERE id = {row}.collection_id)"
ALIASES = Names("registries_alias", _OF_COLLECTION)
COLLECTIONS = Names("registries_collection", "{row}.project_id")
COLLECTION_TAGS = Names("registries_collectiontag", _OF_COLLECTION)
VERSION_TAGS = Names("artifacts_artifacttag")
INDEXED = (ALIASES, COLLECTIONS, COLLECTION_TAGS, VERSION_TAGS)

# By database: whether the triggers stand. Read once in a process.
_kept: dict[str, bool] = {}


def marked(folded: str) -> str:
    """A name or a part of one as the FTS5 tables have it, without the mark of its beginning."""
    for sign in WORD_BREAKS:
        folded = folded.replace(sign, sign + START * 2)
    return folded


def token_of_home(project_id: int) -> str:
    """Three characters, one trigram. The same as `_home_of` has in SQL."""
    return "".join(chr(0xE000 + (project_id >> shift & 4095)) for shift in (24, 12, 0))


def is_kept(connection: BaseDatabaseWrapper) -> bool:
    """Whether SQLite's FTS5 tables can be asked. PostgreSQL looks after its own indexes."""
    if connection.vendor != "sqlite":
        return False
    if connection.alias not in _kept:
        with connection.cursor() as cursor:
            found = _present(cursor, "trigger")
        _kept[connection.alias] = all(_triggers(one) <= found for one in INDEXED)
    return _kept[connection.alias]


def keep(connection: BaseDatabaseWrapper) -> None:
    """Builds what is missing. Does nothing when all stands."""
    _kept.pop(connection.alias, None)
    if connection.vendor == "postgresql":
        _keep_on_postgresql(connection)
    elif connection.vendor == "sqlite":
        _keep_on_sqlite(connection)


def let_go(connection: BaseDatabaseWrapper) -> None:
    """Takes it away: before SQLite's tables are altered, which triggers would hinder."""
    _kept.pop(connection.alias, None)
    with connection.cursor() as cursor:
        for names in INDEXED:
            cursor.execute(f"DROP INDEX IF EXISTS {names.beginnings}")
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX IF EXISTS {names.index}")
            else:
                _drop_triggers(cursor, names)


def _keep_on_postgresql(connection: BaseDatabaseWrapper) -> None:
    present = _tables(connection)
    with connection.cursor() as cursor:
        for names in present:
            _keep_beginnings(cursor, names, 'folded COLLATE "C"')
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        logger.warning(
            "PostgreSQL's extension pg_trgm is missing and may not be made here; search reads "
            "every name. A superuser makes it by CREATE EXTENSION pg_trgm. (%s)",
            str(error).splitlines()[0],
        )
        return
    with connection.cursor() as cursor:
        for names in present:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {names.index} ON {names.table}"
                " USING gin (folded gin_trgm_ops)"
            )


def _keep_on_sqlite(connection: BaseDatabaseWrapper) -> None:
    present = _tables(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for names in present:
            _keep_beginnings(cursor, names, "folded")
        if not _has_trigrams(cursor):
            # Triggers would refuse every change of a name.
            for names in present:
                _drop_triggers(cursor, names)
            logger.warning("This SQLite has no FTS5 with trigrams; search reads every name.")
            return
        triggers = _present(cursor, "trigger")
        for names in INDEXED:
            if names not in present:
                cursor.execute(f"DROP TABLE IF EXISTS {names.index}")
            elif not _triggers(names) <= triggers:
                _build(cursor, names)


def _tables(connection: BaseDatabaseWrapper) -> list[Names]:
    present = connection.introspection.table_names()
    return [names for names in INDEXED if names.table in present]


def _keep_beginnings(cursor: CursorWrapper, names: Names, order: str) -> None:
    cursor.execute(f"CREATE INDEX IF NOT EXISTS {names.beginnings} ON {names.table} ({order})")


def _has_trigrams(cursor: CursorWrapper) -> bool:
    if sqlite3.sqlite_version_info < FIRST_SQLITE_WITH_TRIGRAMS:
        return False
    cursor.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")
    return cursor.fetchone() is not None


def _present(cursor: CursorWrapper, kind: str) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = %s", [kind])
    return {name for (name,) in cursor.fetchall()}


def _triggers(names: Names) -> set[str]:
    return {f"{names.index}_{event}" for event in _EVENTS}


def _drop_triggers(cursor: CursorWrapper, names: Names) -> None:
    for trigger in _triggers(names):
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def _build(cursor: CursorWrapper, names: Names) -> None:
    """The index holds no names, only where they stand: taking one out needs what was put in."""
    index, table = names.index, names.table
    columns, old, new = "rowid, name, home", _values("old", names), _values("new", names)
    put = f"INSERT INTO {index} ({columns}) SELECT {new};"
    take = f"INSERT INTO {index} ({index}, {columns}) SELECT 'delete', {old};"
    _drop_triggers(cursor, names)
    cursor.execute(f"DROP TABLE IF EXISTS {index}")
    cursor.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5 "
        "(name, home, content='', columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    cursor.execute(
        f"INSERT INTO {index} ({columns}) SELECT {_values('one', names)} FROM {table} one"
    )
    for event, body in (("insert", put), ("update", take + put), ("delete", take)):
        changed = " OF folded" if event == "update" else ""
        when = " WHEN old.folded <> new.folded" if event == "update" else ""
        cursor.execute(
            f"CREATE TRIGGER {index}_{event} AFTER {event}{changed} ON {table}{when} "
            f"BEGIN {body} END"
        )


def _values(row: str, names: Names) -> str:
    name = f"{row}.folded"
    start = f"char({ord(START)}, {ord(START)})"
    for sign in WORD_BREAKS:
        name = f"replace({name}, '{sign}', '{sign}' || {start})"
    return f"{row}.id, {start} || {name}, {_home_of(row, names)}"


def _home_of(row: str, names: Names) -> str:
    if not names.home:
        return "''"
    home = names.home.format(row=row)
    parts = (f"{0xE000} + ({home} >> {shift} & 4095)" for shift in (24, 12, 0))
    return f"char({', '.join(parts)})"
