"""Runs as GraphQL shows them. Attributes have the protocol's names."""
# ruff: noqa: N802

from __future__ import annotations

import json
from typing import Any

from artifacts.models import Run
from wandb_api.identifiers import encode
from wandb_api.types.instants import instant


class RunType:
    type_name = "Run"

    def __init__(self, run: Run) -> None:
        self.run = run
        self.id = encode("Run", run.pk)
        self.name = run.name
        self.displayName = run.display_name
        self.state = run.state
        self.createdAt = instant(run.created_at)
        self.historyLineCount = run.history_line_count
        self.logLineCount = run.log_line_count
        self.eventsLineCount = run.event_line_count
        self.stopped = False
        self.projectId = run.project_id
        self.heartbeatAt = self.createdAt
        self.systemMetrics = "{}"
        self.readOnly = False
        self.notes = run.notes
        self.group = run.group
        self.jobType = run.job_type
        self.eventsTail = "[]"

    def tags(self, *_: Any) -> list[str]:
        return sorted(tag.name for tag in self.run.tags.all())

    def config(self, *_: Any) -> str:
        """As it was written: `{key: {"value": …}}`."""
        return json.dumps(self.run.config)

    def summaryMetrics(self, *_: Any) -> str:
        return json.dumps(self.run.summary)

    def wandbConfig(self, *_: Any, keys: list[str] | None = None) -> str:
        """Parts of the `_wandb` entry of the configuration."""
        entry = self.run.config.get("_wandb", {})
        value = entry.get("value", {}) if isinstance(entry, dict) else {}
        return json.dumps({key: value[key] for key in keys or [] if key in value})
