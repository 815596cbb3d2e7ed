"""Times as the SDK reads them: RFC 3339 in UTC with `Z`."""

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
