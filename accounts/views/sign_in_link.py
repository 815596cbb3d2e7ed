"""The page a sign-in link leads to. Opening it spends nothing: link previews open links too."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import RegistryError
from accounts.operations.sign_in_links import use_sign_in_link

BACKEND = "accounts.backends.PasswordBackend"
TEMPLATE = "sign_in/sign_in_link.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, TEMPLATE)
    try:
        user = use_sign_in_link(token)
    except RegistryError as refusal:
        return render(request, TEMPLATE, {"refusal": refusal}, status=refusal.status)
    login(request, user, backend=BACKEND)
    return redirect("start")
