"""The bare address: to the organization last used, or how to get into one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.permissions import may_create_organization
from registries.views.frame import frame_of
from registries.views.places import caller


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    organization = frame_of(request).organization
    if organization is None:
        context = {"may_create_organization": may_create_organization(caller(request))}
        return render(request, "home/no_organization.html", context)
    return redirect("home", organization.name)
