"""`make benchmark-deliveries`: what the outbox costs a change, and how much workers deliver.

    python -m benchmarks.deliveries [sqlite|postgresql] [--write]

`--write` puts the figures into docs/performance.md. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.databases import POSTGRESQL_OPTIONS, ROOT, run, vendors
from tests.machine.postgresql import served_postgresql

MOST_MILLISECONDS = {
    "nobody listens": 2.0,
    "one automation, which matches": 2.0,
    "1,000 automations, one of which matches": 10.0,
}
MOST_MILLISECONDS_BESIDE = {"median": 500, "95th percentile": 2_000}
LEAST_A_SECOND = 300  # on PostgreSQL, four workers
BESIDE = "from commit to arrival at 20 healthy receivers beside 7 hostile ones"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- deliveries -->", "<!-- end of deliveries -->"


def main() -> int:
    wanted = [one for one in vendors() if one in sys.argv] or vendors()
    measured = {vendor: figures_of(vendor) for vendor in wanted}
    missed = [fault for vendor, figures in measured.items() for fault in report(vendor, figures)]
    if "--write" in sys.argv:
        write(measured)
    for line in missed:
        print(f"MISSED  {line}")
    return 1 if missed else 0


def figures_of(vendor: str) -> dict[str, Any]:
    figures = answer_of("benchmarks.deliveries_measure", vendor)
    return figures | {"beside": answer_of("benchmarks.deliveries_beside", vendor)}


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


def report(vendor: str, figures: dict[str, Any]) -> list[str]:
    print(f"\n== {vendor}")
    missed = []
    for case, milliseconds in figures["outbox"].items():
        most = MOST_MILLISECONDS[case]
        print(f"added to an alias move, {case}: {milliseconds:.2f} ms (at most {most:g})")
        if milliseconds > most:
            missed.append(f"{vendor} {case}: {milliseconds:.2f} ms")
    for name, most in MOST_MILLISECONDS_BESIDE.items():
        milliseconds = figures["beside"][name]
        print(f"{BESIDE}, {name}: {milliseconds:.0f} ms (at most {most})")
        if milliseconds > most:
            missed.append(f"{vendor} {BESIDE}, {name}: {milliseconds:.0f} ms")
    print(f"delivered by four workers: {figures['a second']:.0f} a second")
    if vendor == "postgresql" and figures["a second"] < LEAST_A_SECOND:
        missed.append(f"{vendor}: {figures['a second']:.0f} a second")
    return missed


def write(measured: dict[str, dict[str, Any]]) -> None:
    """Between the two marks of the page, which are put at its end when they are missing."""
    lines = [
        BEGIN,
        "",
        f"| | {' | '.join(measured)} | at most |",
        "|---" * (len(measured) + 2) + "|",
    ]
    for case, most in MOST_MILLISECONDS.items():
        cells = [f"{figures['outbox'][case]:.2f} ms" for figures in measured.values()]
        lines.append(f"| added to an alias move: {case} | {' | '.join(cells)} | {most:g} ms |")
    for name, most_beside in MOST_MILLISECONDS_BESIDE.items():
        cells = [f"{figures['beside'][name]:.0f} ms" for figures in measured.values()]
        lines.append(f"| {BESIDE}: {name} | {' | '.join(cells)} | {most_beside:,} ms |")
    cells = [f"{figures['a second']:.0f}" for figures in measured.values()]
    lines.append(f"| deliveries a second, four workers | {' | '.join(cells)} | at least 300 |")
    section = "\n".join([*lines, "", END])
    page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    if BEGIN not in page:
        page += f"\n## Deliveries\n\n{BEGIN}\n{END}\n"
    pattern = re.escape(BEGIN) + ".*" + re.escape(END)
    PAGE.write_text(re.sub(pattern, lambda _: section, page, flags=re.DOTALL))


if __name__ == "__main__":
    sys.exit(main())
