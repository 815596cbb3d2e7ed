"""The application as a WSGI server calls it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from registry_site.garbage import look_seldom

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings")

answer = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Whole answers as a list: Granian sends it at once, and anything else piece by piece, for
    which it asks Python once more. The connection to the database rests by then."""
    response = answer(environ, start_response)
    if getattr(response, "streaming", True):
        return response
    whole = list(response)
    response.close()
    return whole


look_seldom()
