"""`make benchmark`: the site on a small and on a big data set, on both databases.

    python -m benchmarks.site [sqlite|postgresql]

Ends with 1 when a target is missed.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.databases import SIZES, built, run, run_in_turns, vendors

MOST_QUERIES = 12
MOST_MILLISECONDS = 40
MOST_GROWTH = 1.5
# Where a page takes no more than this, one and a half times as much is noise.
NOISE_MILLISECONDS = 3
MOST_KILOBYTES = 100
MOST_MILLISECONDS_OF_SEARCH = 25
MOST_MILLISECONDS_OF_ALIAS = 20

# As `site_pages` and `site_changes` write them down.
Costs = dict[str, Any]


def main() -> int:
    wanted = [one for one in vendors() if one in sys.argv] or vendors()
    missed = []
    for vendor in wanted:
        before = milliseconds_of_sums()
        costs = measured(vendor)
        missed += report(vendor, *costs)
        print(f"the machine: {before:.0f} ms for 300,000 sums before, ", end="")
        print(f"{milliseconds_of_sums():.0f} ms after")
    for line in missed:
        print(f"MISSED  {line}")
    return 1 if missed else 0


def milliseconds_of_sums() -> float:
    """How fast the machine is: machines differ, and one is not the same all day."""
    times = []
    for _ in range(9):
        start, total = time.perf_counter(), 0
        for number in range(300_000):
            total += number
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def measured(vendor: str) -> list[Costs]:
    """Of each size. Pages are visited in turns, changes made one size after the other."""
    with ExitStack() as databases, tempfile.TemporaryDirectory() as folder:
        environments = [databases.enter_context(built(vendor, size)) for size in SIZES]
        answers = [Path(folder) / size for size in SIZES]
        told = zip(answers, SIZES, strict=True)
        arguments = [(str(answer), size) for answer, size in told]
        run_in_turns(environments, "benchmarks.site_pages", arguments)
        costs: list[Costs] = [json.loads(answer.read_text()) for answer in answers]
        for environment, answer, cost in zip(environments, answers, costs, strict=True):
            run(environment, "benchmarks.site_changes", str(answer))
            cost.update(json.loads(answer.read_text()))
        return costs


def report(vendor: str, small: Costs, big: Costs) -> list[str]:
    missed = []
    print(f"\n== {vendor}: queries, median ms small → big, kB")
    for page, cost in big["pages"].items():
        before = small["pages"][page]
        faults = _faults(before, cost)
        print(_line(page, before, cost, faults))
        missed += [f"{vendor} {page}: {fault}" for fault in faults]
    for kind in ("search", "search while typing"):
        for term, cost in big[kind].items():
            print(_line(f"{kind} “{term}”", small[kind][term], cost, []))
            if cost["milliseconds"] > MOST_MILLISECONDS_OF_SEARCH:
                missed.append(f"{vendor} {kind} “{term}”: {cost['milliseconds']} ms")
        times = [cost["milliseconds"] for cost in big[kind].values()]
        print(f"{kind}: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms")
    for change, spent in big["changes"].items():
        print(f"{change}: {spent:.1f} ms (small: {small['changes'][change]:.1f} ms)")
        if spent > MOST_MILLISECONDS_OF_ALIAS:
            missed.append(f"{vendor} {change}: {spent:.1f} ms")
    return missed


def _faults(small: dict[str, float], big: dict[str, float]) -> list[str]:
    growth = big["milliseconds"] / small["milliseconds"]
    grown = big["milliseconds"] - small["milliseconds"] > NOISE_MILLISECONDS
    judged = {
        f"{big['queries']} queries, {small['queries']} on the small one": (
            big["queries"] != small["queries"] or big["queries"] > MOST_QUERIES
        ),
        f"{big['milliseconds']} ms": big["milliseconds"] > MOST_MILLISECONDS,
        f"{growth:.1f} times the small one": growth > MOST_GROWTH and grown,
        f"{big['kilobytes']} kB": big["kilobytes"] > MOST_KILOBYTES,
    }
    return [fault for fault, true in judged.items() if true]


def _line(page: str, small: dict[str, float], big: dict[str, float], faults: list[str]) -> str:
    times = f"{small['milliseconds']:6.1f} → {big['milliseconds']:6.1f} ms"
    weight = f"{big['kilobytes']:6.1f} kB"
    return f"{page:64} {big['queries']:3.0f} {times} {weight}  {', '.join(faults)}"


if __name__ == "__main__":
    sys.exit(main())
