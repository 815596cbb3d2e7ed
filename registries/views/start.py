"""The bare address: to the organization last used, or how to get into one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registries.views.frame import frame_of


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    organization = frame_of(request).organization
    if organization is None:
        return render(request, "home/no_organization.html")
    return redirect("home", organization.name)
