"""A short sign of a value, for forms: it comes back with them and tells what they showed."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def fingerprint(value: Any) -> str:
    """Of text or JSON. None and what is empty are shown alike, and so have the same."""
    text = json.dumps(value or "", sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
