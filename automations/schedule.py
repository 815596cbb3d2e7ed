"""When a message is tried again, and when it is given up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DELAYS = tuple(
    timedelta(**delay)
    for delay in (
        {"seconds": 5},
        {"minutes": 5},
        {"minutes": 30},
        {"hours": 2},
        {"hours": 5},
        {"hours": 10},
        {"hours": 14},
        {"hours": 20},
        {"hours": 24},
    )
)
MOST_TRIES = len(DELAYS) + 1
JITTER = 0.1  # of the delay, later only
LONGEST_PAUSE = timedelta(hours=24)
LONGEST_PAUSE_UNASKED = timedelta(minutes=5)
SWITCHED_OFF_AFTER = timedelta(days=5)

GONE = 410
SLOW_DOWN = frozenset({429, 502, 504})
UNAVAILABLE = 503


def next_attempt(tries: int, now: datetime, pause: timedelta | None) -> datetime | None:
    """After so many tries; None when it was the last. Never before the pause asked for is over."""
    if tries >= MOST_TRIES:
        return None
    delay = DELAYS[tries - 1]
    later = random.uniform(0, JITTER)  # noqa: S311 spreads load, keeps no secret
    return now + max(delay * (1 + later), pause or timedelta())


def pause_asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """Of `Retry-After`: seconds or an HTTP date; None for neither. At most 24 hours."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        seconds = timedelta(seconds=min(int(text[:9]), 86_400))
        return min(seconds, LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        # A year or an offset of twenty digits is no date.
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_PAUSE)


def pause_of(
    status: int | None, retry_after: str | None, tries: int, now: datetime
) -> timedelta | None:
    """How long nothing at all is sent to a receiver that says it is too much."""
    asked = pause_asked_for(retry_after, now)
    if status == UNAVAILABLE:
        return asked
    if status not in SLOW_DOWN:
        return None
    if asked is not None:
        return asked
    return min(DELAYS[min(tries, len(DELAYS)) - 1], LONGEST_PAUSE_UNASKED)
