"""The page a letter leads to. Opening it changes nothing: programs that read mail do so, too."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import RegistryError
from accounts.operations.emails import email_in, verify_email

TEMPLATE = "sign_in/verify_email.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    try:
        email = email_in(token)
        if request.method != "POST":
            return render(request, TEMPLATE, {"email": email})
        user = verify_email(token)
    except RegistryError as refusal:
        return render(request, TEMPLATE, {"refusal": refusal}, status=refusal.status)
    return render(request, TEMPLATE, {"verified": user})
