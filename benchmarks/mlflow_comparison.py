"""Waymark beside an MLflow server: aliases resolved and moved, in one run on one machine.

    make benchmark-mlflow

Each server has the same PostgreSQL with settings as they are installed (every commit waits for
the disk), two worker processes, and eight connections that ask through the requests their own
clients send. Waymark checks the API key and the role on every one.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import mlflow
from benchmarks.alias_requests import (
    mlflow_moves,
    mlflow_resolutions,
    waymark_moves,
    waymark_resolutions,
)
from benchmarks.database import connect, durable_postgresql
from benchmarks.load import Measured, Question, measure
from benchmarks.processors import processor_seconds
from benchmarks.servers import waymark

CONNECTIONS = 8
COLLECTIONS, VERSIONS = 50, 20
# The server, the action, the least ratio of our rate to its rate.
TARGETS = {
    ("MLflow", "resolutions"): 10,
    ("MLflow", "moves"): 8,
    ("MLflow with basic-auth", "resolutions"): 100,
    ("MLflow with basic-auth", "moves"): 100,
}
MOST_OF_ITS_PERCENTILE = 0.2


@dataclass(frozen=True)
class Figures:
    """Answers a second; milliseconds: median, 99th percentile, processor time of one answer."""

    rate: float
    median: float
    percentile: float
    processor: float
    closed: int


@dataclass(frozen=True)
class Asked:
    """A server, the processes whose time counts (its own and its database's), how long to ask."""

    port: int
    processes: tuple[int, int]
    seconds: float


# The server and the action.
Line = tuple[str, str]
Table = dict[Line, Figures]


def main() -> None:
    options = _options()
    print(f"{os.cpu_count()} processors, {CONNECTIONS} connections, ", end="")
    print(f"{options.seconds} s each after a warm-up")
    table: Table = {}
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-") as name:
        for line, figures in _measurements(Path(name), options):
            table[line] = figures
            _tell(line, figures)
    if not options.alone:
        _compare(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--alone", action="store_true", help="Waymark without MLflow beside it")
    parser.add_argument(
        "--mlflow", type=Path, default=Path(tempfile.gettempdir()) / "waymark-benchmark-mlflow"
    )
    return parser.parse_args()


def _measurements(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Line, Figures]]:
    """One after the other, told as they come."""
    installed = None if options.alone else mlflow.install(options.mlflow)
    if installed:
        print(f"MLflow {mlflow.version(installed)}")
    print(f"\n{'':36}{'a second':>10}{'median ms':>12}{'99 % ms':>10}{'processor ms':>14}")
    yield from _waymark(folder, options.seconds)
    if installed:
        yield from _mlflow(installed, folder, options.seconds)


def _mlflow(installed: Path, folder: Path, seconds: float) -> Iterator[tuple[Line, Figures]]:
    models = [f"model-{number:04}" for number in range(COLLECTIONS)]
    with durable_postgresql() as (database, postmaster):
        for name, with_auth in (("MLflow", False), ("MLflow with basic-auth", True)):
            with mlflow.serving(installed, folder, database, with_auth=with_auth) as served:
                port, process, headers = served
                if not with_auth:
                    mlflow.furnish(port, headers, models, VERSIONS)
                asked = Asked(port, (process, postmaster), seconds)
                resolutions = mlflow_resolutions(models, **headers)
                yield (name, "resolutions"), _measured(asked, resolutions)
                yield (name, "moves"), _measured(asked, mlflow_moves(models, VERSIONS, **headers))


def _waymark(folder: Path, seconds: float) -> Iterator[tuple[Line, Figures]]:
    with durable_postgresql() as (database, postmaster):
        connect(folder, database)
        from benchmarks.furniture import furnish

        furniture = furnish(COLLECTIONS, VERSIONS)
        with waymark(folder, database) as (port, process):
            asked = Asked(port, (process.pid, postmaster), seconds)
            yield ("Waymark", "resolutions"), _measured(asked, waymark_resolutions(furniture))
            yield ("Waymark", "moves"), _measured(asked, waymark_moves(furniture))


def _measured(asked: Asked, questions: Iterator[Question]) -> Figures:
    warm_up = max(2, asked.seconds / 4)
    measure(asked.port, questions, connections=CONNECTIONS, seconds=warm_up)
    before = processor_seconds(*asked.processes)
    measured = measure(asked.port, questions, connections=CONNECTIONS, seconds=asked.seconds)
    used = processor_seconds(*asked.processes) - before
    _refuse_wrong(measured)
    return Figures(
        measured.rate,
        measured.percentile(0.5),
        measured.percentile(0.99),
        1000 * used / len(measured.latencies),
        measured.closed,
    )


def _refuse_wrong(measured: Measured) -> None:
    if measured.wrong:
        raise RuntimeError(f"{len(measured.wrong)} wrong answers: {measured.wrong[0][:500]!r}")


def _tell(line: Line, figures: Figures) -> None:
    print(
        f"{', '.join(line):36}{figures.rate:10.1f}{figures.median:12.1f}"
        f"{figures.percentile:10.1f}{figures.processor:14.2f}"
        f"{f'  asked again after {figures.closed} closed connections' if figures.closed else ''}",
        flush=True,
    )


def _compare(table: Table) -> None:
    print()
    for (server, action), least in TARGETS.items():
        ours, theirs = table["Waymark", action], table[server, action]
        ratio, tail = ours.rate / theirs.rate, ours.percentile / theirs.percentile
        work = theirs.processor / ours.processor
        is_met = ratio >= least and tail <= MOST_OF_ITS_PERCENTILE
        print(
            f"{action} beside {server}: {ratio:.1f} times (target {least}; by processor time "
            f"{work:.1f}), 99th percentile "
            f"{tail:.2f} of its (target {MOST_OF_ITS_PERCENTILE}): {'met' if is_met else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
