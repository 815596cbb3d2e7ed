"""Answers to requests that no page of ours got to see."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseServerError,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path

from accounts import database_faults
from accounts.pages_before import page_before
from artifacts import storage

Answer = Callable[[HttpRequest], HttpResponseBase]


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For forms whose CSRF token is missing or old. `reason` is for developers, not shown."""
    sentence = "This form is out of date. Load the page again, then send it once more."
    context = {"exception": sentence, "way_back": page_before(request)}
    return render(request, "403.html", context, status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """For whatever nobody expected. Of a fault of the database, and of a folder of files that
    cannot be used, it is said that it may pass.

    Nothing is asked of the database for it.
    """
    error = sys.exc_info()[1]
    refusal = database_faults.refusal_of(error) or storage.refusal_of(error)
    if refusal is None:
        return HttpResponseServerError(get_template("500.html").render())
    page = get_template("503.html").render({"sentence": refusal.sentence})
    return HttpResponse(page, status=503)


def wrong_methods(get_response: Answer) -> Answer:
    """A middleware: a person who opens the address of a form comes to the page it stands on.

    Such an address is left in the bar by a form that was refused. Scripts, which ask for no page,
    are told 405 as ever.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        asks_for_page = "text/html" in request.headers.get("Accept", "")
        if not asks_for_page or not isinstance(response, HttpResponseNotAllowed):
            return response
        if request.method == "GET":
            return redirect(_address_above(request.path_info))
        page = render(request, "405.html", {"way_back": page_before(request)}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return answer


def _address_above(path: str) -> str:
    """The nearest that is one of ours. It may be of a form too: then this is asked again."""
    above = path.rstrip("/").rpartition("/")[0]
    while above:
        for address in (above, f"{above}/"):
            if address != path and _exists(address):
                return escape_uri_path(address)
        above = above.rpartition("/")[0]
    return "/"


def _exists(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
