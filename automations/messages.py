"""What every message can say of a happening: the variables of templates and the default body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from accounts.addresses import server_address
from automations.kinds import MEANINGS, EventKind, kind_told
from automations.models import Automation, Happening
from automations.templates import METADATA

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Story:
    """A happening as one automation tells it."""

    type: str
    facts: dict[str, Any]
    automation_id: int | None
    automation_name: str
    event_kind: EventKind

    @classmethod
    def of(cls, happening: Happening, automation: Automation) -> Story:
        return cls(
            happening.kind,
            happening.facts,
            automation.pk,
            automation.name,
            kind_told(EventKind(happening.kind), EventKind(automation.event_kind)),
        )

    def variables(self) -> dict[str, str]:
        """By name; "" for what does not apply."""
        facts = self.facts
        run = facts.get("run") or {}
        metric = facts.get("metric") or {}
        version = facts.get("version") or {}
        full_name = self._full_name(version)
        values = {
            "project_name": facts["project"],
            "entity_name": facts["entity"],
            "registry_name": facts.get("registry"),
            "event_type": MEANINGS[self.event_kind].rendered,
            "event_author": facts.get("actor"),
            "event_id": facts.get("event_id"),
            "alias": facts.get("alias") or ", ".join(facts.get("aliases", [])),
            "tag": facts.get("tag"),
            "artifact_collection_name": facts.get("collection"),
            "artifact_version": full_name,
            "artifact_version_string": full_name,
            "artifact_version_index": version.get("number"),
            "previous_version": _label(facts.get("previous_number")),
            "url": self.url(),
            "run_name": run.get("display_name"),
            "run_state": run.get("state"),
            "metric_name": metric.get("name"),
            "metric_value": metric.get("value"),
        }
        metadata = {METADATA + key: value for key, value in facts.get("metadata", {}).items()}
        return {
            name: "" if value is None else str(value) for name, value in (values | metadata).items()
        }

    def default_body(self) -> dict[str, Any]:
        """The schema is docs/schemas/; what does not apply is null."""
        facts = self.facts
        version = facts.get("version")
        run = facts.get("run")
        return {
            "type": self.type,
            "timestamp": facts["at"],
            "data": {
                "schema_version": SCHEMA_VERSION,
                "event_id": facts.get("event_id"),
                "automation": {"id": self.automation_id, "name": self.automation_name},
                "entity": facts["entity"],
                "project": facts["project"],
                "registry": facts.get("registry"),
                "collection": facts.get("collection"),
                "version": self._version(version) if version else None,
                "previous_version": self._previous(),
                "alias": facts.get("alias"),
                "tag": facts.get("tag"),
                "actor": facts.get("actor"),
                "way": facts.get("way"),
                "run": run | {"url": self.url()} if run else None,
                "metric": facts.get("metric"),
            },
        }

    def url(self, number: int | None = None) -> str:
        """Absolute: the page of the version, of the collection, or of the run."""
        facts = self.facts
        if facts.get("run"):
            return _absolute(facts["entity"], facts["project"], "runs", facts["run"]["name"])
        version = facts.get("version")
        if number is None and version:
            number = version["number"]
        if facts.get("registry"):
            path = ["orgs", facts["entity"], "registry", facts["registry"]]
            path += ["collections", facts["collection"]]
            return _absolute(*path, *([] if number is None else ["versions", f"v{number}"]))
        kind = (version or {}).get("type") or facts.get("collection_type") or ""
        path = [facts["entity"], facts["project"], "artifacts", kind, facts["collection"]]
        return _absolute(*path, *([] if number is None else [f"v{number}"]))

    def sentence(self) -> str:
        """Who did what, for people."""
        facts = self.facts
        if facts.get("run"):
            return self._sentence_of_run()
        who = facts.get("actor") or "The operator"
        where = self.place()
        alias, tag, before = facts.get("alias"), facts.get("tag"), facts.get("previous_number")
        match self.type:
            case "alias.moved":
                return f"{who} moved the alias {alias} from {_label(before)} to {where}"
            case "alias.added":
                return f"{who} added the alias {alias} to {where}"
            case "alias.removed":
                return f"{who} took the alias {alias} off {where}"
            case "version.linked":
                return f"{who} linked {where}"
            case "version.unlinked":
                return f"{who} unlinked {where}"
            case "artifact.created":
                return f"{who} logged {where}"
        done = "added" if self.type.endswith("added") else "removed"
        return f"{who} {done} the tag {tag}: {where}"

    def _sentence_of_run(self) -> str:
        run, metric = self.facts["run"], self.facts.get("metric")
        if metric:
            return f"{metric['name']} of the run {run['display_name']} is {metric['value']}"
        return f"The run {run['display_name']} is {run['state']}"

    def place(self) -> str:
        """`Model / Zoo_Classifier_Models / v3`."""
        facts = self.facts
        version = facts.get("version")
        parts = [facts.get("registry") or facts["project"], facts.get("collection")]
        parts.append(_label(version["number"]) if version else None)
        return " / ".join(part for part in parts if part)

    def _full_name(self, version: dict[str, Any]) -> str:
        facts = self.facts
        if not facts.get("collection"):
            return ""
        name = f"{facts['entity']}/{facts['project']}/{facts['collection']}"
        return f"{name}:{_label(version['number'])}" if version else name

    def _version(self, version: dict[str, Any]) -> dict[str, Any]:
        number = version["number"]
        return {
            "number": number,
            "name": _label(number),
            "type": version["type"],
            "digest": version["digest"],
            "url": self.url(number),
        }

    def _previous(self) -> dict[str, Any] | None:
        number = self.facts.get("previous_number")
        if number is None:
            return None
        return {"number": number, "name": _label(number), "url": self.url(number)}


def _label(number: int | None) -> str:
    return "" if number is None else f"v{number}"


def _absolute(*segments: str) -> str:
    return server_address() + "".join(f"/{quote(segment, safe='')}" for segment in segments)
