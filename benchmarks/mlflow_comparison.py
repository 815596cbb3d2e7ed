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
    """Answers a second; milliseconds of the median and of the 99th percentile."""

    rate: float
    median: float
    percentile: float


Table = dict[tuple[str, str], Figures]


def main() -> None:
    options = _options()
    installed = mlflow.install(options.mlflow)
    table: Table = {}
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-") as name:
        folder = Path(name)
        table |= _waymark(folder, options.seconds)
        table |= _mlflow(installed, folder, options.seconds, with_auth=False)
        table |= _mlflow(installed, folder, options.seconds, with_auth=True)
    print(f"\nMLflow {mlflow.version(installed)}, {os.cpu_count()} processors, ", end="")
    print(f"{CONNECTIONS} connections, {options.seconds} s each after a warm-up\n")
    _tell(table)
    _compare(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument(
        "--mlflow", type=Path, default=Path(tempfile.gettempdir()) / "waymark-benchmark-mlflow"
    )
    return parser.parse_args()


def _waymark(folder: Path, seconds: float) -> Table:
    with durable_postgresql() as database:
        connect(folder, database)
        from benchmarks.furniture import furnish

        furniture = furnish(COLLECTIONS, VERSIONS)
        with waymark(folder, database) as (port, _):
            return {
                ("Waymark", "resolutions"): _measured(
                    port, waymark_resolutions(furniture), seconds
                ),
                ("Waymark", "moves"): _measured(port, waymark_moves(furniture), seconds),
            }


def _mlflow(installed: Path, folder: Path, seconds: float, *, with_auth: bool) -> Table:
    name = "MLflow with basic-auth" if with_auth else "MLflow"
    models = [f"model-{number:04}" for number in range(COLLECTIONS)]
    with durable_postgresql() as database:
        with mlflow.serving(installed, folder, database, with_auth=False) as (port, headers):
            mlflow.furnish(port, headers, models, VERSIONS)
        with mlflow.serving(installed, folder, database, with_auth=with_auth) as (port, headers):
            resolutions = mlflow_resolutions(models, **headers)
            moves = mlflow_moves(models, VERSIONS, **headers)
            return {
                (name, "resolutions"): _measured(port, resolutions, seconds),
                (name, "moves"): _measured(port, moves, seconds),
            }


def _measured(port: int, questions: Iterator[Question], seconds: float) -> Figures:
    measure(port, questions, connections=CONNECTIONS, seconds=max(2, seconds / 4))
    measured = measure(port, questions, connections=CONNECTIONS, seconds=seconds)
    _refuse_wrong(measured)
    return Figures(measured.rate, measured.percentile(0.5), measured.percentile(0.99))


def _refuse_wrong(measured: Measured) -> None:
    if measured.wrong:
        raise RuntimeError(f"{len(measured.wrong)} wrong answers: {measured.wrong[0][:500]!r}")


def _tell(table: Table) -> None:
    print(f"{'':32}{'a second':>10}{'median ms':>12}{'99 % ms':>10}")
    for (server, action), figures in table.items():
        print(
            f"{server + ', ' + action:32.32}{figures.rate:10.1f}"
            f"{figures.median:12.1f}{figures.percentile:10.1f}"
        )


def _compare(table: Table) -> None:
    print()
    for (server, action), least in TARGETS.items():
        ours, theirs = table["Waymark", action], table[server, action]
        ratio, tail = ours.rate / theirs.rate, ours.percentile / theirs.percentile
        is_met = ratio >= least and tail <= MOST_OF_ITS_PERCENTILE
        print(
            f"{action} beside {server}: {ratio:.1f} times (target {least}), 99th percentile "
            f"{tail:.2f} of its (target {MOST_OF_ITS_PERCENTILE}): {'met' if is_met else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
