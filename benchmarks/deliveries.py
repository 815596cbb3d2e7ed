"""`make benchmark-deliveries`: what the outbox costs a change, how soon and how much is delivered.

    python -m benchmarks.deliveries [sqlite|postgresql] [--write]

`--write` puts the figures into docs/performance.md. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.databases import POSTGRESQL_OPTIONS, ROOT, run, vendors
from tests.machine.postgresql import served_postgresql

MOST_MILLISECONDS = {
    "nobody listens": 2.0,
    "one automation, which matches": 2.0,
    "1,000 automations, one of which matches": 10.0,
    "the same, an alias that this process has not seen yet": 10.0,
}
MOST_MILLISECONDS_BESIDE = {"median": 500, "95th percentile": 2_000}
MOST_MILLISECONDS_AFTER = {"median": 500, "longest": 2_000}
BEGINNINGS = {"click": "a click in Chromium", "script": "`save()` of the wandb SDK"}
LEAST_A_SECOND = 300  # on PostgreSQL, four workers
BESIDE = "from commit to arrival at 20 healthy receivers beside 7 hostile ones"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- deliveries -->", "<!-- end of deliveries -->"


def main() -> int:
    wanted = [one for one in vendors() if one in sys.argv] or vendors()
    measured = {vendor: lines_of(vendor, figures_of(vendor)) for vendor in wanted}
    missed = [fault for vendor, lines in measured.items() for fault in report(vendor, lines)]
    if "--write" in sys.argv:
        write(measured)
    for line in missed:
        print(f"MISSED  {line}")
    return 1 if missed else 0


def figures_of(vendor: str) -> dict[str, Any]:
    figures = answer_of("benchmarks.deliveries_measure", vendor)
    return figures | {
        "beside": answer_of("benchmarks.deliveries_beside", vendor),
        "after": answer_of("benchmarks.deliveries_clicks", vendor),
    }


@dataclass(frozen=True)
class Line:
    """One figure of one database beside its target; without a target it is only told."""

    what: str
    value: float
    unit: str
    target: float | None
    at_least: bool = False

    @property
    def shown(self) -> str:
        digits = 2 if self.value < 20 and self.unit else 0
        return f"{self.value:,.{digits}f} {self.unit}".strip()

    @property
    def limit(self) -> str:
        if self.target is None:
            return ""
        word = "at least" if self.at_least else "at most"
        return f"{word} {self.target:,g} {self.unit}".strip()

    @property
    def is_missed(self) -> bool:
        if self.target is None:
            return False
        return self.value < self.target if self.at_least else self.value > self.target


def lines_of(vendor: str, figures: dict[str, Any]) -> list[Line]:
    lines = [
        Line(f"added to an alias move: {case}", value, "ms", MOST_MILLISECONDS.get(case))
        for case, value in figures["outbox"].items()
    ]
    lines += [
        Line(f"{BESIDE}: {name}", figures["beside"][name], "ms", most)
        for name, most in MOST_MILLISECONDS_BESIDE.items()
    ]
    for beginning, words in BEGINNINGS.items():
        times = figures["after"][beginning]
        found = {"median": statistics.median(times), "longest": max(times)}
        lines += [
            Line(
                f"from {words} to a verified message, {len(times)} times: {name}", value, "ms", most
            )
            for name, most in MOST_MILLISECONDS_AFTER.items()
            for value in [found[name]]
        ]
    least = LEAST_A_SECOND if vendor == "postgresql" else None
    what = "deliveries a second, four workers"
    return [*lines, Line(what, figures["a second"], "", least, at_least=True)]


def answer_of(module: str, vendor: str) -> dict[str, Any]:
    with environment_of(vendor) as environment:
        answer = Path(environment["WAYMARK_DATA"]) / "answer.json"
        run(environment, module, str(answer))
        figures: dict[str, Any] = json.loads(answer.read_text())
        return figures


@contextmanager
def environment_of(vendor: str) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "WAYMARK_DATA": str(folder / "data"),
            "WAYMARK_OUTBOUND_ALLOW": "127.0.0.1",
            "DATABASE_URL": "",
        }
        if vendor == "sqlite":
            yield environment
            return
        folder.chmod(0o755)
        (folder / "server").mkdir()
        with served_postgresql(folder / "server", POSTGRESQL_OPTIONS) as address:
            yield environment | {"DATABASE_URL": address}


def report(vendor: str, lines: list[Line]) -> list[str]:
    """Prints them; the ones that miss their target."""
    print(f"\n== {vendor}")
    for line in lines:
        print(f"{line.what}: {line.shown}{f' ({line.limit})' if line.limit else ''}")
    return [f"{vendor} {line.what}: {line.shown}" for line in lines if line.is_missed]


def write(measured: dict[str, list[Line]]) -> None:
    """Between the two marks of the page, which are put at its end when they are missing."""
    table = [f"| | {' | '.join(measured)} | target |", "|---" * (len(measured) + 2) + "|"]
    for row in zip(*measured.values(), strict=True):
        cells = [f"**{line.shown}**, missed" if line.is_missed else line.shown for line in row]
        table.append(f"| {row[0].what} | {' | '.join(cells)} | {row[-1].limit} |")
    section = "\n".join([BEGIN, "", *table, "", END])
    page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    if BEGIN not in page:
        page += f"\n## Automations\n\n{BEGIN}\n{END}\n"
    pattern = re.escape(BEGIN) + ".*" + re.escape(END)
    PAGE.write_text(re.sub(pattern, lambda _: section, page, flags=re.DOTALL))


if __name__ == "__main__":
    sys.exit(main())
