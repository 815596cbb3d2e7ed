"""The page a person stands on when they send something."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def page_before(request: HttpRequest) -> str | None:
    """Its path and query: what HTMX names, else what the browser does. None when it is not ours."""
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        before = urlsplit(told)
    except ValueError:
        return None
    if before.netloc != request.get_host() or not before.path.startswith("/"):
        return None
    if before.path.startswith(("//", "/\\")):
        return None
    return before._replace(scheme="", netloc="", fragment="").geturl()
