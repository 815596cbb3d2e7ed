"""Which aliases a history tells of: the ones a filter is compared with."""

from __future__ import annotations

from accounts.prepared_statements import Rows
from accounts.statements import run

# From one name straight to the next in the index, over all the events that one name may have.
STEPS = """
WITH RECURSIVE names (alias, step) AS (
    SELECT (SELECT MIN(alias) FROM registries_event WHERE {column} = %s AND alias > ''), 1
    UNION ALL
    SELECT
        (SELECT MIN(alias) FROM registries_event WHERE {column} = %s AND alias > names.alias),
        step + 1
    FROM names WHERE alias IS NOT NULL AND step <= %s
)
SELECT alias FROM names WHERE alias IS NOT NULL
"""
# Of aliases that the registry began or ceased to protect.
RULES = """
UNION ALL SELECT alias FROM registries_event
WHERE project_id = %s AND kind IN ('alias.protected', 'alias.unprotected')
"""
# Each step takes 3 to 5 µs. One more name than this, and there is one for nearly each event.
MOST_NAMES = 2_000


def names_in_home(project_id: int) -> list[str] | None:
    """None when there are too many to tell."""
    steps = STEPS.format(column="project_id")
    return _told(run(steps, [project_id, project_id, MOST_NAMES]))


def names_in_collection(collection_id: int, project_id: int) -> list[str] | None:
    """The same, with those of the rules of its registry."""
    steps = STEPS.format(column="collection_id") + RULES
    return _told(run(steps, [collection_id, collection_id, MOST_NAMES, project_id]))


def _told(rows: Rows) -> list[str] | None:
    names = {row[0] for row in rows}
    return list(names) if len(names) <= MOST_NAMES else None
