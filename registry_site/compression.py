"""Pages leave the server compressed; files, streams and what scripts ask for leave as they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PAGES = "text/html"


class CompressedPages(GZipMiddleware):
    """Whole HTML answers alone.

    Django adds up to a hundred random bytes to each and masks the tokens of forms anew, so that
    the length of an answer tells nothing of what it holds (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(PAGES):
            return response
        return super().process_response(request, response)
