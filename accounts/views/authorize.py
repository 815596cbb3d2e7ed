"""`/authorize`: where `wandb login` sends a person to fetch a key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.callers import Caller, Way
from accounts.models import User
from accounts.operations.api_keys import create_api_key

TEMPLATE = "authorize/authorize.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A key is made by the button, not by opening the page, and shown this once."""
    if request.method != "POST" or not isinstance(request.user, User):
        return render(request, TEMPLATE)
    by = Caller(request.user, Way.WEB)
    _, secret = create_api_key(by, request.user, name="made at /authorize")
    return render(request, TEMPLATE, {"secret": secret})
