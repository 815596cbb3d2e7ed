"""How long adding and moving an alias takes on the database of this environment.

Writes one JSON object to the file named as argument, and takes back what it changed.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from accounts.callers import Caller, Way  # noqa: E402
from accounts.models import User  # noqa: E402
from registries.models import Version  # noqa: E402
from registries.operations.aliases import add_aliases, remove_aliases  # noqa: E402

ROUNDS = 31


def main() -> None:
    by = Caller(User.objects.get(username="admin-of-model"), Way.WEB)
    collection = "Zoo_Classifier_Models"
    first, second = Version.objects.filter(
        collection__name=collection, collection__project__registry__name="Model"
    ).order_by("-number")[:2]
    names = [f"measured-{n}" for n in range(ROUNDS)]
    changes: dict[str, Callable[[str], object]] = {
        "adding an alias": lambda name: add_aliases(by, first, [name]),
        "moving an alias": lambda name: add_aliases(by, second, [name]),
        "removing an alias": lambda name: remove_aliases(by, second, [name]),
    }
    told = {change: timed(do, names) for change, do in changes.items()}
    Path(sys.argv[1]).write_text(json.dumps({"changes": told}))


def timed(do: Callable[[str], object], names: list[str]) -> float:
    """Median milliseconds, each change in a transaction of its own that reaches the disk."""
    times = []
    for name in names:
        start = time.perf_counter()
        do(name)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


if __name__ == "__main__":
    main()
