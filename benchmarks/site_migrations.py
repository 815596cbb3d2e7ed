"""`make benchmark-migrations`: a million aliases taken back to the first migrations and forward.

    python -m benchmarks.site_migrations [sqlite|postgresql]

On a copy of each big database. Rows of every table are counted and hashed before, at the first
migrations, and after. Ends with 1 when a row differs in what both states of the schema hold.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.databases import copied, run, vendors

# Table → column → count of rows and hash of the column, as `site_migrations_child` tells.
State = dict[str, dict[str, tuple[int, str]]]


def main() -> int:
    wanted = [one for one in vendors() if one in sys.argv] or vendors()
    found = [fault for vendor in wanted for fault in faults_of(vendor)]
    for fault in found:
        print(f"MISSED  {fault}")
    return 1 if found else 0


def faults_of(vendor: str) -> list[str]:
    with copied(vendor, "big") as environment, tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        run(environment, "benchmarks.site_migrations_child", str(answer))
        told = json.loads(answer.read_text())
    before, first, after = (told[name] for name in ("before", "first", "after"))
    report(vendor, told["seconds"], before, first)
    found = [f"{vendor}, back: {fault}" for fault in _differing(before, first)]
    found += [f"{vendor}, forward again: {fault}" for fault in _differing(first, after)]
    if {name: set(columns) for name, columns in before.items()} != {
        name: set(columns) for name, columns in after.items()
    }:
        found.append(f"{vendor}: the tables are not the same afterwards")
    return found


def report(vendor: str, seconds: dict[str, float], before: State, first: State) -> None:
    kept = [name for name in before if name in first]
    rows = sum(_rows(before[name]) for name in kept)
    print(f"\n== {vendor}: {rows:,} rows of {len(kept)} tables")
    for way, time in seconds.items():
        print(f"{way}: {time:.1f} s")
    for name in kept:
        print(f"{name}: {_rows(before[name]):,} rows, {len(first[name])} columns compared")
    gone = {name: _rows(before[name]) for name in before if name not in first}
    print(f"Tables that came later, gone with their rows on the way back: {gone}")
    later = [f"{name}.{one}" for name in kept for one in before[name] if one not in first[name]]
    print(f"Columns that came later: {', '.join(later)}")


def _differing(one: State, other: State) -> list[str]:
    """Columns that both have and that do not hold the same."""
    return [
        f"{table}.{column}"
        for table in one
        if table in other
        for column in one[table]
        if column in other[table] and one[table][column] != other[table][column]
    ]


def _rows(columns: dict[str, tuple[int, str]]) -> int:
    return max(count for count, _ in columns.values())


if __name__ == "__main__":
    sys.exit(main())
