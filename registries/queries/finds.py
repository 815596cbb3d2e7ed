"""Rows whose name matches a term, a bounded number of them, in one query each.

Who sees many registries gets names that begin with the term first, in order, then those that
have it inside, the newest first; both stop as soon as enough are found. Who sees few gets the
finds of those alone, the first `MOST_ORDERED` of them in order.

The order is natural, `fold-2` before `fold-10`: the database counts the digits at the end of a
name, where few are found, and the rows that are shown are sorted whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from registries import search_index
from registries.models import ProtectedAlias
from registries.queries.aliases import natural
from registries.queries.sources import ALIASES, Source, cross_join
from registries.queries.terms import Term
from registries.search_index import Names

FEW = 32
MOST_ORDERED = 500
LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class Homes:
    """The registries that are searched: those of `ids`, which are all of an organization but the
    `hidden` ones. So the database is told of a thousand by one number."""

    ids: Sequence[int]
    organization_id: int
    hidden: Sequence[int] = ()

    @property
    def are_few(self) -> bool:
        return len(self.ids) <= FEW

    def condition(self, column: str) -> tuple[str, list[Any]]:
        """SQL that is true where `column` has the id of one of them. The plus keeps SQLite from
        beginning with the registries; of many each row is asked by itself, since PostgreSQL would
        take longer to choose an order of joins than to read."""
        if self.are_few:
            return _among(f"+{column}" if connection.vendor == "sqlite" else column, self.ids)
        judged, values = "r.organization_id = %s", [self.organization_id]
        if self.hidden:
            hidden, ids = _among("r.project_id", self.hidden)
            judged, values = f"{judged} AND NOT ({hidden})", [*values, *ids]
        return f"(SELECT {judged} FROM registries_registry r WHERE r.project_id = {column})", values


PROTECTED = (
    "SELECT {columns}, 1 AS protected FROM registries_protectedalias p"
    " {join} registries_collection c ON c.project_id = p.registry_id"
    " {join} registries_alias n ON n.collection_id = c.id AND n.name = p.name"
    " WHERE {visible} AND {likeness}"
    # Most registries may protect a name that none of them uses: said once, not collection by
    # collection.
    " AND (SELECT EXISTS (SELECT 1 FROM registries_alias u WHERE {used} = {rule}))"
)
NOT_PROTECTED = (
    " AND NOT EXISTS (SELECT 1 FROM registries_protectedalias p"
    " WHERE p.registry_id = c.project_id AND p.folded = n.folded AND p.name = n.name)"
)


UNUSED = (
    "SELECT p.id, p.name, p.registry_id FROM registries_protectedalias p"
    " WHERE {visible} AND {likeness} AND NOT EXISTS (SELECT 1 FROM registries_collection c"
    " {join} registries_alias n ON n.collection_id = c.id AND n.name = p.name"
    " WHERE c.project_id = p.registry_id) ORDER BY p.folded, p.id LIMIT %s"
)


@dataclass(frozen=True)
class Part:
    """A SELECT and what is filled into it."""

    sql: str
    values: list[Any]


@dataclass(frozen=True)
class Found:
    """Instances of a model with `home` (an id) and further columns; of aliases `protected`.
    `count` is how many there are from the first of them on, up to what was asked to be counted."""

    rows: list[Any]
    count: int


def finds(
    source: Source, term: Term, homes: Homes, start: int, size: int, counted_up_to: int
) -> Found:
    """`size` of them from `start` on. Only those are read; the others are counted."""
    if not homes.ids or not term:
        return Found([], 0)
    parts = [_protected(term, homes)] if source is ALIASES else []
    if not homes.are_few:
        parts.append(_beginning(source, term, homes))
        parts += [] if term.begins_names_alone else [_inside(source, term, homes)]
    else:
        parts.append(_among_few(source, term, homes))
    stop = start + counted_up_to
    limited = [f"SELECT * FROM ({part.sql} LIMIT {stop}) part_{n}" for n, part in enumerate(parts)]
    # What is counted ends here too: a part is not read when those before it are enough.
    counted = f"SELECT * FROM ({' UNION ALL '.join(limited)}) parts LIMIT {stop}"
    shown = f"SELECT *, COUNT(*) OVER () AS in_all FROM ({counted}) every LIMIT %s OFFSET %s"
    sql = source.with_what_is_told(f"({shown}) found")
    values = [value for part in parts for value in part.values]
    rows: list[Any] = list(source.model._default_manager.raw(sql, [*values, size, start]))
    count = rows[0].in_all - start if rows else 0
    return Found(_in_order(rows, term, newest_inside=not homes.are_few), count)


def unused_rules(term: Term, homes: Homes, most: int) -> list[ProtectedAlias]:
    """Protected aliases that match and are on no version."""
    likeness, values = _likeness(term.patterns, "p.folded")
    visible, ids = homes.condition("p.registry_id")
    sql = UNUSED.format(visible=visible, likeness=likeness, join=cross_join())
    return list(ProtectedAlias.objects.raw(sql, [*ids, *values, most]))


def matching(names: Names, term: Term, homes: Sequence[int] = (), most: int = 10_000) -> Q:
    """For rows of one table alone. On SQLite no more than `most` of all rows that match are
    looked at, so `homes` name the projects to be searched where there are a great many."""
    if not search_index.is_kept(connection):
        return term.matches()
    found = RawSQL(
        f"SELECT rowid FROM {names.index} WHERE {names.index} MATCH %s LIMIT {most}",
        [term.trigrams(homes)],
    )
    return Q(pk__in=found) & term.matches() if term.begins_names_alone else Q(pk__in=found)


def _in_order(rows: list[Any], term: Term, *, newest_inside: bool) -> list[Any]:
    """Each part of them by name; those with the term inside stay the newest first, if they are."""

    def place(row: Any) -> tuple[Any, ...]:
        by_name = (natural(row.name), row.pk, getattr(row, "version_id", 0))
        if getattr(row, "protected", False):
            return False, False, *by_name
        inside = not row.folded.startswith(term.folded)
        by_age: tuple[Any, ...] = ([], -row.pk, by_name[-1])
        return True, inside, *(by_age if inside and newest_inside else by_name)

    return sorted(rows, key=place)


def _protected(term: Term, homes: Homes) -> Part:
    likeness, values = _likeness(term.patterns, "p.folded")
    visible, ids = homes.condition("p.registry_id")
    sql = PROTECTED.format(
        columns=ALIASES.columns,
        join=cross_join(),
        visible=visible,
        likeness=likeness,
        used=_by_code_points("u.folded"),
        rule=_by_code_points("p.folded"),
    )
    # Those of one rule SQLite finds in one order anyway, and reads no further than it needs.
    then = ", n.id" if connection.vendor == "postgresql" else ""
    return Part(f"{sql} ORDER BY p.folded, p.id{then}", [*ids, *values])


def _beginning(source: Source, term: Term, homes: Homes) -> Part:
    order = _by_code_points("n.folded")
    visible, ids = _each_in(homes, source)
    return Part(
        f"{source.select(source.rows)} WHERE {order} >= %s AND {order} < %s"
        f" AND {visible} ORDER BY {order}",
        [term.folded, term.folded + LAST_CHARACTER, *ids],
    )


def _inside(source: Source, term: Term, homes: Homes) -> Part:
    begun = f"NOT ({_by_code_points('n.folded')} >= %s AND {_by_code_points('n.folded')} < %s)"
    # What begins so is in the part before.
    sql, values = _matching(source.select, source, term, (), term.patterns_of_words)
    newest = "f.rowid" if search_index.is_kept(connection) else "n.id"
    visible, ids = _each_in(homes, source)
    return Part(
        f"{sql} AND {begun} AND {visible} ORDER BY {newest} DESC{source.then}",
        [*values, term.folded, term.folded + LAST_CHARACTER, *ids],
    )


def _among_few(source: Source, term: Term, homes: Homes) -> Part:
    asked = homes.ids if source.names.home else ()
    sql, values = _matching(source.select_with_homes, source, term, asked, term.patterns)
    visible, ids = homes.condition(source.home_column)
    narrowed = f"{sql} AND {visible}{_rest(source)} LIMIT {MOST_ORDERED}"
    begun = f"SUBSTR(folded, 1, {len(term.folded)}) <> %s"
    return Part(
        f"SELECT * FROM ({narrowed}) few"
        f" ORDER BY {begun}, RTRIM(folded, '0123456789'), LENGTH(folded), folded, id{source.then}",
        [*values, *ids, term.folded],
    )


def _matching(
    select: Callable[[str], str],
    source: Source,
    term: Term,
    homes: Sequence[int],
    patterns: list[str],
) -> tuple[str, list[Any]]:
    """A SELECT up to and with the condition of the match."""
    if not search_index.is_kept(connection):
        likeness, values = _likeness(patterns, "n.folded")
        return f"{select(source.rows)} WHERE {likeness}", values
    index = source.names.index
    selected = select(f"{index} f CROSS JOIN {source.rows} ON n.id = f.rowid")
    matched, trigrams = f"{selected} WHERE {index} MATCH %s", term.trigrams(homes)
    if term.begins_names_alone:
        likeness, values = _likeness(term.patterns, "n.folded")
        return f"{matched} AND {likeness}", [trigrams, *values]
    return matched, [trigrams]


def _likeness(patterns: list[str], column: str) -> tuple[str, list[Any]]:
    either = " OR ".join(f"{column} LIKE %s ESCAPE '\\'" for _ in patterns)
    return f"({either})", patterns


def _each_in(homes: Homes, source: Source) -> tuple[str, list[Any]]:
    """Whether a name is in one of many registries; an alias that is protected there is in a part of
    its own."""
    if not source.collection:
        return homes.condition("n.project_id")
    visible, values = homes.condition("c.project_id")
    judged = f"SELECT {visible}{_rest(source)} FROM registries_collection c"
    return f"({judged} WHERE c.id = {source.collection})", values


def _rest(source: Source) -> str:
    return NOT_PROTECTED if source is ALIASES else ""


def _by_code_points(column: str) -> str:
    return f'{column} COLLATE "C"' if connection.vendor == "postgresql" else column


def _among(column: str, ids: Sequence[int]) -> tuple[str, list[Any]]:
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(ids))]
    return f"{column} = ANY(%s)", [list(ids)]
