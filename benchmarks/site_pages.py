"""What each page costs on the database of this environment: queries, server time, weight.

Writes one JSON object to the file named as first argument; the second is the size of the data.
Measures in turns with a process that does the same on data of another size, so that a machine that
is slower for a while is slower for both: a line comes in, a few visits are made, a line goes out.
The turns of a page are minutes apart: what slows a machine for seconds is in one of them.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from registry_site.call_frames import with_room_for_calls  # noqa: E402
from registry_site.garbage import look_seldom  # noqa: E402
from tests.architecture.pages import (  # noqa: E402
    COLLECTION,
    ORGANIZATION,
    PAGES,
    REGISTRY,
    filled,
)

TURNS = 5
VISITS_OF_A_TURN = 3
DEEP = re.compile(r"(\?(?:page|members)=)[0-9]+$")
FILES = re.compile(r'(?:href|src)="(/static/[^"#?]+)')

# Deep in the lists, and ways of reading them beyond those of the tests.
FURTHER: dict[tuple[str, str], Mapping[str, str | int]] = {
    ("collection", "?page=2"): COLLECTION,
    ("collection", "?page=200"): COLLECTION,
    ("collection", "?page=1000"): COLLECTION,
    ("collection", "?filter=fold-0000"): COLLECTION,
    ("collection-history", "?page=2"): COLLECTION,
    ("collection-history", "?page=200"): COLLECTION,
    ("collection-history", "?page=500"): COLLECTION,
    ("collection-history", "?alias=moved-7"): COLLECTION,
    ("registry-history", "?page=2"): REGISTRY,
    ("registry-history", "?page=500"): REGISTRY,
    ("registry", "?page=2"): REGISTRY,
    ("registry", "?page=50"): REGISTRY,
    ("registry", "?sort=name"): REGISTRY,
    ("home", "?page=2"): ORGANIZATION,
    ("home", "?page=20"): ORGANIZATION,
    ("settings", "?members=2"): REGISTRY,
    ("settings", "?members=10"): REGISTRY,
}

# Rare, common and short terms, in every kind, and what is nowhere.
TERMS = (
    *("p", "f", "v", "0", "pr", "fo", "-0", "zz", "prod", "latest", "best", "fold", "fold-00019"),
    *("nightly-vision", "classifier", "classifier_00017", "audited", "distilled 3", "rollback"),
    *("staging", "ight", "no such name", "galaxy_7.99", "retina-dete", "Zoo_Classifier_Models:v1"),
)


@dataclass
class Cost:
    queries: int
    kilobytes: float
    times: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """With the median of the times, in milliseconds."""
        return {
            "queries": self.queries,
            "milliseconds": round(statistics.median(self.times), 1),
            "kilobytes": self.kilobytes,
        }


@with_room_for_calls
def main() -> None:
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})
    client.force_login(User.objects.get(username="admin-of-model"))
    look_seldom()
    tested: dict[tuple[str, str], Mapping[str, str | int]] = {
        key: place for key, (place, _) in PAGES.items()
    }
    is_small = sys.argv[2] == "small"
    pages = {}
    for (name, query), place in (tested | FURTHER).items():
        asked = on_small(query) if is_small else query
        pages[f"{name}{query}"] = reverse(name, kwargs=filled(dict(place))) + asked
    addresses = {
        "pages": pages,
        "search": {term: search_for("search", term) for term in TERMS},
        "search while typing": {term: search_for("search-preview", term) for term in TERMS},
    }
    costs = {
        kind: {name: cost_of(client, address) for name, address in of.items()}
        for kind, of in addresses.items()
    }
    for _ in range(TURNS):
        for kind, of in addresses.items():
            for name, address in of.items():
                costs[kind][name].times += turn(client, address)
    told = {kind: {name: cost.told() for name, cost in of.items()} for kind, of in costs.items()}
    Path(sys.argv[1]).write_text(json.dumps(told))


def on_small(query: str) -> str:
    """A page deep in a list is compared with the second one, which the small lists have as well."""
    return DEEP.sub(r"\g<1>2", query)


def search_for(name: str, term: str) -> str:
    return f"{reverse(name, kwargs=ORGANIZATION)}?{urlencode({'q': term})}"


def cost_of(client: Client, address: str) -> Cost:
    """Without times; the first visit warms what a server that runs has warm."""
    get(client, address)
    with CaptureQueriesContext(connection) as captured:
        response, content = get(client, address)
    # Counted now: the next request empties what was captured.
    queries = len(captured)
    weight = weight_of(content, response.headers.get("Content-Encoding") == "gzip")
    return Cost(queries, round(weight / 1000, 1))


def turn(client: Client, address: str) -> list[float]:
    """Milliseconds of each visit, made while the other process waits. At its end nobody writes
    any more, and what is left is measured alone."""
    sys.stdin.readline()
    times = []
    for _ in range(VISITS_OF_A_TURN):
        start = time.perf_counter()
        get(client, address)
        times.append(1000 * (time.perf_counter() - start))
    print(flush=True)
    return times


def get(client: Client, address: str) -> tuple[Any, bytes]:
    """Of what is streamed (files, exports) the first piece: the rest takes as long as it is."""
    response: Any = client.get(address)
    if response.status_code not in {200, 302}:
        raise SystemExit(f"{address} answered {response.status_code}")
    content = next(iter(response), b"") if response.streaming else response.content
    response.close()
    return response, content


def weight_of(content: bytes, compressed: bool) -> int:
    """Bytes a browser fetches that has nothing yet, each file as compressed as it is served."""
    page = gzip.decompress(content) if compressed else content
    files = set(FILES.findall(page.decode(errors="replace")))
    return len(content) + sum(map(_weight_of_file, files))


def _weight_of_file(address: str) -> int:
    path = Path(settings.STATIC_ROOT) / address.removeprefix(settings.STATIC_URL)
    offered = [Path(f"{path}{ending}") for ending in ("", ".gz", ".br")]
    return min(one.stat().st_size for one in offered if one.exists())


if __name__ == "__main__":
    main()
