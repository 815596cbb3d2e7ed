"""Orders as the SDK writes them: `name`, `+name`, `-created_at`."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F
from django.db.models.expressions import OrderBy

from accounts.errors import Invalid
from wandb_api.json_paths import path_into

OF_COLLECTIONS = {
    "name": "name",
    "created_at": "created_at",
    "createdat": "created_at",
    "updated_at": "changed_at",
    "updatedat": "changed_at",
    "id": "pk",
}
OF_REGISTRIES = {
    "name": "name",
    "created_at": "project__created_at",
    "createdat": "project__created_at",
    "updated_at": "project__created_at",
    "updatedat": "project__created_at",
    "id": "pk",
}
OF_VERSIONS = {
    "version_index": "number",
    "versionindex": "number",
    "version": "number",
    "created_at": "linked_at",
    "createdat": "linked_at",
    "updated_at": "linked_at",
    "id": "pk",
}
OF_RUNS = {
    "created_at": "created_at",
    "createdat": "created_at",
    "display_name": "display_name",
    "displayname": "display_name",
    "heartbeat_at": "created_at",
    "heartbeatat": "created_at",
    "name": "name",
    "state": "state",
    "username": "created_by__username",
}
# Of these a part is asked for: `config.rate.value`, `summary_metrics.loss`.
JSON_OF_RUNS = {"config": "config", "summary_metrics": "summary"}


def order_of_runs(order: str | None) -> tuple[str | OrderBy, ...]:
    """By a column, or by what a script wrote; runs that have not got that come last."""
    name, _, rest = (order or "").lstrip("+-").partition(".")
    if not rest or name not in JSON_OF_RUNS:
        return order_by(order, OF_RUNS, "-created_at")
    value = F(path_into(name, JSON_OF_RUNS[name], rest))
    if str(order).startswith("-"):
        return (value.desc(nulls_last=True), "-pk")
    return (value.asc(nulls_last=True), "pk")


def order_by(order: str | None, columns: Mapping[str, str], usual: str) -> tuple[str, ...]:
    """What `QuerySet.order_by` takes: the column asked for, then the id, so that pages fit."""
    if not order:
        return _to_the_id(usual.lstrip("-"), "-" if usual.startswith("-") else "")
    column = columns.get(order.lstrip("+-").lower())
    if column is None:
        raise Invalid("order", f"“{order}” is no order here. There is {', '.join(columns)}.")
    return _to_the_id(column, "-" if order.startswith("-") else "")


def _to_the_id(column: str, sign: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((sign + column, f"{sign}pk")))
