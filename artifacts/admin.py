"""Projects, runs, contents and files, as operators see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field

from accounts.operators import OperatorAdmin, register_others
from artifacts.models import Artifact, ManifestEntry, StoredFile


@admin.register(Artifact)
class ArtifactAdmin(OperatorAdmin):
    search_fields = ("=digest", "=type", "project__name")


@admin.register(ManifestEntry)
class ManifestEntryAdmin(OperatorAdmin):
    search_fields = ("path", "=digest")


@admin.register(StoredFile)
class StoredFileAdmin(OperatorAdmin):
    """Of bytes the digests are what they are found by, and no secret."""

    search_fields = ("=sha256", "=md5")

    @property
    def columns(self) -> list[Field[Any, Any]]:
        return list(self.opts.concrete_fields)


register_others("artifacts")
