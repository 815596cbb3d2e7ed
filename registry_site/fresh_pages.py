"""Browsers keep no page: Back shows what is true now, and nothing is left when somebody signs out.

Files and what scripts ask for say themselves how long they may be kept.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
PAGES = "text/html"


def fresh_pages(get_response: Answer) -> Answer:
    """A middleware. Without no-store, browsers take a page from their store on the way back."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith(PAGES)
        if is_page and not response.streaming:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer
