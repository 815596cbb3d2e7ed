"""The browser of this machine. None is downloaded.

Debian packs Chromium without windows on its own: the same pages, at a quarter of the time.
"""

from __future__ import annotations

import shutil

WITHOUT_WINDOWS = "chromium-headless-shell"
NAMES = (WITHOUT_WINDOWS, "chromium", "chromium-browser")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
]


def chromium() -> str | None:
    """Where it is, if it is."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
