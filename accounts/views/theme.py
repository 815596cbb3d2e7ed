"""Light, dark, or as the system has it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.callers import Caller, Way
from accounts.errors import RegistryError
from accounts.models import User
from accounts.operations.people import set_theme
from accounts.pages_before import page_before


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Back to the page the choice was made on. The script needs no answer."""
    if not isinstance(request.user, User):
        return HttpResponse(status=403)
    try:
        set_theme(Caller(request.user, Way.WEB), request.POST.get("theme", ""))
    except RegistryError as refusal:
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(page_before(request) or "/")
