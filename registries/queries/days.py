"""Days as people type them. Every day here begins and ends in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time


def typed_day(text: str) -> date | None:
    """None for what is no day: a filter that cannot be read does not narrow."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def midnight(day: date) -> datetime:
    """When the day begins."""
    return datetime.combine(day, time.min, UTC)
