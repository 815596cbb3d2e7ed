"""Days and times as people type them, all in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)


def typed_day(text: str) -> date | None:
    """None for what is no day, or the last there is, behind which nothing ends: a filter that
    cannot be read does not narrow."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < date.max else None


def typed_moment(text: str) -> datetime | None:
    """A day, which begins at midnight, or a day with a time of day; None for neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else None


def midnight(day: date) -> datetime:
    """When the day begins."""
    return datetime.combine(day, time.min, UTC)


def begin_of(day: date | None) -> tuple[datetime, ...]:
    """As a statement that is kept takes it: none for no day."""
    return (midnight(day),) if day else ()


def end_of(day: date | None) -> tuple[datetime, ...]:
    """The midnight that is no part of the day any more."""
    return (midnight(day) + DAY,) if day else ()
