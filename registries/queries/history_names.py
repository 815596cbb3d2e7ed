"""Which aliases and people a history tells of: what its filter offers and is compared with."""

from __future__ import annotations

from accounts.prepared_statements import Rows
from accounts.statements import run

# From one value straight to the next in the index, over all the events that one value may have.
STEPS = """
WITH RECURSIVE steps (value, step) AS (
    SELECT (SELECT MIN({value}) FROM registries_event WHERE {column} = %s AND {value} > {low}), 1
    UNION ALL
    SELECT
        (SELECT MIN({value}) FROM registries_event WHERE {column} = %s AND {value} > steps.value),
        step + 1
    FROM steps WHERE value IS NOT NULL AND step <= %s
)
"""
NAMES = STEPS.replace("{value}", "alias").replace("{low}", "''")
NAMES += "SELECT value FROM steps WHERE value IS NOT NULL"
# Of aliases that the registry began or ceased to protect.
RULES = """
SELECT {value} FROM registries_event
WHERE project_id = %s AND kind IN ('alias.protected', 'alias.unprotected')
"""
PEOPLE = STEPS.replace("{value}", "actor_id").replace("{low}", "0")
PEOPLE += "SELECT username FROM accounts_user WHERE id IN (SELECT value FROM steps{rules})"
PEOPLE += " ORDER BY username"
# No collection has rules from before it was there.
RULES_SINCE = " AND at >= (SELECT created_at FROM registries_collection WHERE id = %s)"
# Each step takes 3 to 5 µs. One more name than this, and there is one for nearly each event.
MOST_NAMES = 2_000


def names_in_home(project_id: int) -> list[str] | None:
    """None when there are too many to tell."""
    steps = NAMES.format(column="project_id")
    return _told(run(steps, [project_id, project_id, MOST_NAMES]))


def names_in_collection(collection_id: int, project_id: int) -> list[str] | None:
    """The same, with those of the rules of its registry."""
    steps = f"{NAMES.format(column='collection_id')} UNION ALL {RULES.format(value='alias')}"
    return _told(run(steps, [collection_id, collection_id, MOST_NAMES, project_id]))


def people_in_home(project_id: int) -> list[str]:
    """Who did something in it, in order; of a great many some."""
    steps = PEOPLE.format(column="project_id", rules="")
    return [name for (name,) in run(steps, [project_id, project_id, MOST_NAMES])]


def people_in_collection(collection_id: int, project_id: int) -> list[str]:
    """The same, with who changed the rules of its registry since it was made."""
    rules = f" UNION ALL {RULES.format(value='actor_id')}{RULES_SINCE}"
    steps = PEOPLE.format(column="collection_id", rules=rules)
    asked = [collection_id, collection_id, MOST_NAMES, project_id, collection_id]
    return [name for (name,) in run(steps, asked)]


def _told(rows: Rows) -> list[str] | None:
    names = {row[0] for row in rows}
    return list(names) if len(names) <= MOST_NAMES else None
