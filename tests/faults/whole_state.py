"""What the database and the folder of files say, without keys, times and what is drawn by lot.

Two states are equal exactly when a person could not tell them apart.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

APPS = ("accounts", "artifacts", "registries")
REFERRED_TO = ("contenttypes", "auth")
State = dict[str, list[tuple[str, ...]]]
Rows = dict[type[models.Model], dict[Any, models.Model]]


def whole_state() -> State:
    """Sorted rows by table; events in their order. Runs against the place one is in."""
    rows: Rows = {
        model: {row.pk: row for row in model._default_manager.order_by("pk")}
        for app in (*REFERRED_TO, *APPS)
        for model in apps.get_app_config(app).get_models()
    }
    _join(rows)
    return {
        model._meta.label: _told(model, list(by_key.values()))
        for model, by_key in rows.items()
        if by_key and model._meta.app_label in APPS
    }


def without_bytes(state: State) -> State:
    """Bytes nobody refers to are harmless, so they may be there or not."""
    return {label: rows for label, rows in state.items() if label != "artifacts.StoredFile"}


def require_whole_files() -> None:
    """Every place of the store holds exactly what its name says, and every row has its bytes."""
    from artifacts.models import StoredFile

    kept = Path(settings.WAYMARK_DATA) / "files" / "sha256"
    for path in kept.glob("*/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    for stored in StoredFile.objects.all():
        assert (kept / stored.sha256[:2] / stored.sha256).stat().st_size == stored.size


def _join(rows: Rows) -> None:
    """In memory: a query for each reference would take most of the time of these tests."""
    for model, by_key in rows.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                others = rows[field.related_model]
                for row in by_key.values():
                    setattr(row, field.name, others.get(getattr(row, field.attname)))


def _told(model: type[models.Model], rows: list[models.Model]) -> list[tuple[str, ...]]:
    fields = [field for field in model._meta.concrete_fields if _tells_something(field)]
    told = [
        tuple(f"{field.name}={_text(getattr(row, field.name))}" for field in fields) for row in rows
    ]
    return told if model._meta.model_name == "event" else sorted(told)


def _tells_something(field: models.Field[Any, Any]) -> bool:
    is_key = field.primary_key and not field.is_relation
    is_chance = isinstance(field, models.DateTimeField) or field.name == "password"
    return not is_key and not is_chance


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)
