"""A kept request as a command to try it with. Secrets are masked in what is kept."""

from __future__ import annotations

import shlex

from automations.models import DeliveryAttempt


def curl_of(attempt: DeliveryAttempt, url: str) -> str:
    """On several lines, each argument quoted for a POSIX shell. `url` as its reader may see it."""
    lines = ["curl -X POST " + shlex.quote(url)]
    lines += [
        f"  -H {shlex.quote(f'{name}: {value}')}"
        for name, value in attempt.request_headers.items()
        if name.lower() != "content-length"
    ]
    lines.append(f"  --data-binary {shlex.quote(attempt.request_body)}")
    return " \\\n".join(lines)
