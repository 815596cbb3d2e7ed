"""Code to copy: how a script gets at what a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from registries.models import Version


@dataclass(frozen=True)
class Snippet:
    """`entity` and `project` are where the script logs, as far as the reader may know it."""

    reference: str
    path: str
    entity: str = ""
    project: str = ""


def snippet_for(path: str, whole_path: str, reference: str, version: Version | None) -> Snippet:
    """`version` must carry `source_visible`. Who does not log where it came from may work in
    another organization, and names this one."""
    if version is None or not version.source_visible:  # type: ignore[attr-defined]
        return Snippet(reference, whole_path)
    project = version.artifact.project
    return Snippet(reference, path, project.entity.name, project.name)
