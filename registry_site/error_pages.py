"""Answers to requests that no page of ours got to see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For forms whose CSRF token is missing or old. `reason` is for developers, not shown."""
    sentence = "This form is out of date. Load the page again, then send it once more."
    return render(request, "403.html", {"exception": sentence}, status=403)
