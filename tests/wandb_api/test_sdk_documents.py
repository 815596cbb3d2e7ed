"""Every document of the installed SDK: it fits our schema, or stands here with the reason."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

from wandb_api.documents import plan

SWEEPS = "sweeps are not part of this product"
QUEUES = "launch queues are not part of this product"
CHARTS = "charts are not part of this product"
STRIPPED = "the package takes out what is not advertised before it sends this"
XXH = "digests are MD5; the SDK asks only where another one is advertised"

# Those of the Python half, from its generated modules; those of the Go half begin with `go.`.
NOT_HERE = {
    "GET_AGENT_RUNS_GQL": SWEEPS,
    "GET_SWEEPS_GQL": SWEEPS,
    "GET_SWEEP_AGENTS_GQL": SWEEPS,
    "GET_SWEEP_AGENT_GQL": SWEEPS,
    "GET_SWEEP_GQL": SWEEPS,
    "GET_SWEEP_LEGACY_GQL": SWEEPS,
    "CREATE_AUTOMATION_GQL": STRIPPED,
    "GET_AUTOMATIONS_LEGACY_GQL": STRIPPED,
    "GET_ENTITY_AUTOMATIONS_GQL": STRIPPED,
    "GET_ENTITY_AUTOMATIONS_LEGACY_GQL": STRIPPED,
    "GET_ORG_AUTOMATIONS_GQL": STRIPPED,
    "UPDATE_AUTOMATION_GQL": STRIPPED,
    "go.ArtifactFileURLsByManifestEntries": "asked only of servers that advertise it",
    "go.CreateCustomChart": CHARTS,
    "go.CreateDefaultResourceConfig": QUEUES,
    "go.CreateRunQueue": QUEUES,
    "go.EnqueueSweepRun": SWEEPS,
    "go.FetchArtifactDigestAlgorithm": XXH,
    "go.NotifyScriptableRunAlert": "alerts of runs are not part of this product",
    "go.StopRun": "a run is stopped where it runs",
    "go.SweepConfig": SWEEPS,
    "go.SweepRunsWithHistory": SWEEPS,
    "go.SweepWatchedRuns": SWEEPS,
    "go.UpsertRunQueue": QUEUES,
    "go.UpsertSweepState": SWEEPS,
    "go.XXHashDigestsEnabled": XXH,
}
FEWEST = 120  # of 0.31.0: fewer would mean that this finds them no longer
BEGINNING = re.compile(rb"\n?(?:query|mutation) ([A-Z]\w+) ?[({]")
DOCUMENT = re.compile(rb"\n?((?:(?:query|mutation|fragment)[^\x00]*?\n}\n)+)")
LONGEST = 6000


@cache
def documents() -> dict[str, str]:
    package = importlib.util.find_spec("wandb")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent
    return of_python(folder) | of_go(folder / "bin" / "wandb-core")


def of_python(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in folder.rglob("_generated/operations.py"):
        names: dict[str, str] = {}
        exec(compile(path.read_text(), str(path), "exec"), names)
        found |= {name: text for name, text in names.items() if name.endswith("_GQL")}
    return found


def of_go(program: Path) -> dict[str, str]:
    """As they stand in the program, each with the fragments that follow it."""
    content = program.read_bytes()
    found = {}
    for beginning in BEGINNING.finditer(content):
        text = DOCUMENT.match(content[beginning.start() : beginning.start() + LONGEST])
        if text:
            found[f"go.{beginning[1].decode()}"] = text[1].decode(errors="replace")
    return found


def fits(text: str) -> bool:
    return not isinstance(plan(text), tuple)


def test_all_documents_of_the_sdk_are_found():
    assert len(documents()) >= FEWEST


def test_every_document_fits_the_schema_or_is_listed_with_its_reason():
    wrong = {
        name: [error.message for error in plan(text)]
        for name, text in documents().items()
        if not fits(text) and name not in NOT_HERE
    }
    assert not wrong


def test_the_list_names_nothing_that_fits_or_that_the_sdk_no_longer_sends():
    fit = {name for name, text in documents().items() if fits(text)}
    assert sorted(set(NOT_HERE) & fit) == []
    assert sorted(set(NOT_HERE) - set(documents())) == []


def test_what_is_not_here_is_told_by_the_name_of_the_field():
    for name in NOT_HERE:
        errors = plan(documents()[name])
        assert isinstance(errors, tuple)
        assert all(error.message for error in errors), name
