"""Paging through registries, collections and versions by the requests of the SDK.

    python -m benchmarks.registry_pages [sqlite|postgresql]

`api.registries().collections().versions()` over 10,000 collections and 100,000 versions in pages
of 100 rows: the first, one in the middle, the last. Statements are counted in this process; times
are those of a served request, from its first byte to the last of its answer. Ends with 1 when a
target is missed.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wandb.apis.public.registries import registries_search as sdk
from wandb.sdk.artifacts import _generated as documents

from benchmarks.database import connect, durable_postgresql
from benchmarks.databases import run, vendors
from benchmarks.names import ORGANIZATION
from benchmarks.servers import waymark

if TYPE_CHECKING:
    from django.db.models import QuerySet

ROWS, MOST_MILLISECONDS, TIMES = 100, 150, 15
# What is listed: the SDK's document, how it writes its variables, the first row of some pages.
LISTS: dict[str, tuple[str, type[Any], list[int]]] = {
    "registries": (documents.FETCH_REGISTRIES_GQL, sdk._RegistriesVars, [0, 100]),
    "collections": (documents.REGISTRY_COLLECTIONS_GQL, sdk._CollectionsVars, [0, 5_000, 9_900]),
    "versions": (documents.REGISTRY_VERSIONS_GQL, sdk._BasicVersionsVars, [0, 50_000, 99_900]),
}


@dataclass(frozen=True)
class Page:
    """A question of the SDK for rows from `start` on, counted from 0."""

    what: str
    start: int

    @cached_property
    def body(self) -> bytes:
        text, variables, _ = LISTS[self.what]
        asked = variables(organization=ORGANIZATION, per_page=ROWS).model_dump()
        if self.start:
            asked["cursor"] = _cursor(self)
        return json.dumps({"query": text, "variables": asked, "operationName": ""}).encode()


PAGES = [Page(what, start) for what, (_, _, starts) in LISTS.items() for start in starts]


def main() -> int:
    if len(sys.argv) == 1:
        for vendor in vendors():
            run(dict(os.environ), "benchmarks.registry_pages", vendor)
        return 0
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-") as name:
        folder = Path(name)
        with _database(sys.argv[1]) as address:
            return _report(sys.argv[1], folder, address)


@contextmanager
def _database(vendor: str) -> Iterator[str]:
    with durable_postgresql() if vendor == "postgresql" else nullcontext(("", 0)) as served:
        yield served[0]


def _report(vendor: str, folder: Path, address: str) -> int:
    connect(folder, address)
    from benchmarks.registry_rows import furnish

    headers = _headers(furnish())
    statements = {page: _statements(page, headers) for page in PAGES}
    with waymark(folder, address) as (port, _):
        times = {page: _milliseconds(port, page, headers) for page in PAGES}
    print(f"{vendor:28}{'statements':>12}{'median ms':>12}{'slowest ms':>12}")
    missed = False
    for page in PAGES:
        median, slowest = statistics.median(times[page]), max(times[page])
        first = statements[Page(page.what, 0)]
        is_met = statements[page] <= first and median <= MOST_MILLISECONDS
        missed |= not is_met
        print(
            f"{f'{page.what} from {page.start}':28}{statements[page]:12}{median:12.1f}"
            f"{slowest:12.1f}{'' if is_met else '  MISSED'}"
        )
    sys.stdout.flush()
    return int(missed)


def _cursor(page: Page) -> str:
    """Of the row before the page, in the order in which the list comes unasked."""
    from registries.models import Collection, Registry, Version
    from wandb_api.cursors import order_of

    rows: QuerySet[Any] = {
        "registries": Registry.objects.order_by("name", "pk"),
        "collections": Collection.objects.filter(project__registry__isnull=False).order_by(
            "name", "pk"
        ),
        "versions": Version.objects.filter(collection__project__registry__isnull=False).order_by(
            "pk"
        ),
    }[page.what]
    order = order_of(rows)
    if order is None:
        raise RuntimeError(f"{page.what} are not paged by their values.")
    return order.cursor(rows[page.start - 1])


def _statements(page: Page, headers: dict[str, str]) -> int:
    """Of the second time, as in every later request of a process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    asking = headers | {"Host": "localhost"}
    Client().post("/graphql", page.body, "application/json", headers=asking)
    with CaptureQueriesContext(connection) as captured:
        answer = Client().post("/graphql", page.body, "application/json", headers=asking)
    _refuse_wrong(page, answer.content)
    return len(captured)


def _milliseconds(port: int, page: Page, headers: dict[str, str]) -> list[float]:
    found = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(TIMES + 4):  # Each of two processes learns the document first.
        begun = time.perf_counter()
        connection.request("POST", "/graphql", page.body, headers)
        raw = connection.getresponse().read()
        found.append(1000 * (time.perf_counter() - begun))
        _refuse_wrong(page, raw)
    connection.close()
    return found[4:]


def _refuse_wrong(page: Page, raw: bytes) -> None:
    """Every page is full but that of registries, of which there are few."""
    answer = json.loads(raw)
    if "errors" in answer:
        raise RuntimeError(f"{page}: {answer['errors']}")
    entity = answer["data"]["organization"]["orgEntity"]
    found = next(value for value in entity.values() if isinstance(value, dict))
    if page.what != "registries" and len(found["edges"]) != ROWS:
        raise RuntimeError(f"{page}: {len(found['edges'])} rows")


def _headers(api_key: str) -> dict[str, str]:
    pair = base64.b64encode(f"api:{api_key}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}


if __name__ == "__main__":
    sys.exit(main())
