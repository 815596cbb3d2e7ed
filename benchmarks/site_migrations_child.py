"""Takes the database of this environment back to the first migrations, and forward again.

Writes what its tables held before, there and after, and the seconds each way took, as one JSON
object to the file named as argument.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.site_migrations import State  # noqa: E402

# The highest floor first.
APPS = ("automations", "registries", "artifacts", "accounts")
PORTION = 10_000


def main() -> None:
    seconds = {}
    before = state()
    start = time.perf_counter()
    for app in APPS:
        call_command("migrate", app, "0001", interactive=False, verbosity=0)
    seconds["back to the first migrations"] = time.perf_counter() - start
    first = state()
    start = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    seconds["forward to the last"] = time.perf_counter() - start
    told = {"seconds": seconds, "before": before, "first": first, "after": state()}
    Path(sys.argv[1]).write_text(json.dumps(told))


def state() -> State:
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(tuple(f"{app}_" for app in APPS))
            # What SQLite keeps of names to be searched: no rows of people.
            and "_names" not in name
        ]
    return {table: columns_of(table) for table in sorted(tables)}


def columns_of(table: str) -> dict[str, tuple[int, str]]:
    """Each column's rows in the order of the key: how many, and the hash of them all."""
    with connection.cursor() as cursor:
        names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        key = connection.introspection.get_primary_key_column(cursor, table)
    hashes = [hashlib.sha256() for _ in names]
    count = 0
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{table}" ORDER BY "{key}"')
        while rows := cursor.fetchmany(PORTION):
            count += len(rows)
            for hashed, values in zip(hashes, zip(*rows, strict=True), strict=True):
                hashed.update(repr(values).encode())
    return {name: (count, one.hexdigest()) for name, one in zip(names, hashes, strict=True)}


if __name__ == "__main__":
    main()
