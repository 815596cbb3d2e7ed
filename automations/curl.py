"""A kept request as a command to try it with. Secrets are masked in what is kept."""

from __future__ import annotations

import shlex

from automations.models import DeliveryAttempt


def curl_of(attempt: DeliveryAttempt) -> str:
    """On several lines, each argument quoted for a POSIX shell."""
    lines = ["curl -X POST " + shlex.quote(attempt.request_url)]
    lines += [
        f"  -H {shlex.quote(f'{name}: {value}')}"
        for name, value in attempt.request_headers.items()
        if name.lower() != "content-length"
    ]
    lines.append(f"  --data-binary {shlex.quote(attempt.request_body)}")
    return " \\\n".join(lines)
