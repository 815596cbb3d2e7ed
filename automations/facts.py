"""What a message tells of an event. Taken down with the event: later it may be gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from artifacts.models import Project, Run
from automations.kinds import MEANINGS, EventKind
from automations.models import Happening
from automations.run_filters import part_of
from automations.templates import metadata_keys
from registries.models import Collection, Event, Registry, Version

# One value of the metadata, in characters of JSON.
LONGEST_METADATA = 4_000


def facts_of_event(event: Event, metadata_keys: Iterable[str] = ()) -> dict[str, Any]:
    """JSON. `version` is the one it is about, also where an alias was taken off it."""
    version = event.version or event.from_version
    moved_from = event.from_number if event.version_id is not None else None
    return _facts_of_home(event.project) | {
        "event_id": event.pk,
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "actor": event.actor.username if event.actor else None,
        "way": str(event.way),
        "collection": event.collection_name,
        "collection_type": event.collection.type if event.collection else None,
        "version": _facts_of_version(version),
        "previous_number": moved_from,
        "alias": event.alias or None,
        "aliases": event.details.get("aliases", []),
        "tag": event.tag or None,
        "metadata": _metadata(version, metadata_keys),
    }


def known_facts(happening: Happening, texts: Iterable[str]) -> dict[str, Any]:
    """Those of a happening, with the metadata that `texts` ask for since they were changed, as long
    as the version is there. Asks the database where there is some."""
    facts: dict[str, Any] = happening.facts
    known = facts.get("metadata", {})
    missing = {key for text in texts for key in metadata_keys(text)} - set(known)
    if not missing or happening.event_id is None:
        return facts
    versions = Event.objects.select_related("version__artifact", "from_version__artifact")
    event = versions.get(pk=happening.event_id)
    more = _metadata(event.version or event.from_version, missing)
    return facts | {"metadata": known | more}


def facts_of_run(
    run: Run, at: str, actor: str | None, way: str, metric: dict[str, Any] | None = None
) -> dict[str, Any]:
    """JSON, of a run that changed its state, or whose `metric` passed a threshold."""
    return _facts_of_home(run.project) | {
        "event_id": None,
        "at": at,
        "actor": actor,
        "way": way,
        "run": {"name": run.name, "display_name": run.display_name, "state": run.state},
        "metric": metric,
    }


def sample_facts(
    collection: Collection | None = None, kind: EventKind = EventKind.ALIAS_ADDED
) -> dict[str, Any]:
    """For tests and previews where nothing of the kind has happened yet."""
    if kind == EventKind.RUN_METRIC:
        return SAMPLE_OF_RUNS | {"metric": {"name": "loss", "value": 0.1}}
    if kind == EventKind.RUN_STATE:
        return SAMPLE_OF_RUNS
    return {
        "entity": "organization",
        "project": "wandb-registry-Model",
        "registry": "Model",
        "event_id": 1,
        "at": "2026-01-01T12:00:00Z",
        "actor": "ada",
        "way": "web",
        "collection": collection.name if collection else "Sample_Collection",
        "collection_type": "model",
        "version": {"number": 1, "digest": "0" * 32, "type": "model"},
        "previous_number": 0,
        "alias": "production",
        "aliases": [],
        "tag": "reviewed" if MEANINGS[kind].field == "tag" else None,
        "metadata": {},
    }


SAMPLE_OF_RUNS = {
    "entity": "team",
    "project": "project",
    "registry": None,
    "event_id": None,
    "at": "2026-01-01T12:00:00Z",
    "actor": "ada",
    "way": "sdk",
    "run": {"name": "abcd1234", "display_name": "brisk-heron-1", "state": "finished"},
}


def _facts_of_home(project: Project | None) -> dict[str, Any]:
    if project is None:
        return {"entity": "", "project": "", "registry": None}
    # Absent for ordinary projects; held homes carry it along.
    registry: Registry | None = getattr(project, "registry", None)
    return {
        "entity": project.entity.name,
        "project": project.name,
        "registry": registry.name if registry else None,
    }


def _facts_of_version(version: Version | None) -> dict[str, Any] | None:
    if version is None:
        return None
    artifact = version.artifact
    return {"number": version.number, "digest": artifact.digest, "type": artifact.type}


def _metadata(version: Version | None, keys: Iterable[str]) -> dict[str, str]:
    """Key, or path with dots, → the value as a template shows it."""
    if version is None:
        return {}
    found = {key: part_of(version.artifact.metadata, key) for key in keys}
    return {key: _shown(value) for key, value in found.items() if value is not None}


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:LONGEST_METADATA]
