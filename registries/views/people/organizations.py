"""A new organization, its end, and an account where the operator opened the server."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid, NotAllowed, RegistryError
from accounts.operations.organizations import delete_organization
from accounts.operations.sign_up import sign_up as make_account
from accounts.permissions import may_create_organization, require_organization_admin
from accounts.views.sign_in_link import BACKEND
from registries.forms.typed import TypedForm, plain
from registries.operations.organizations import create_organization as create
from registries.views.answers import announce, answer, go
from registries.views.people.newcomers import ask_whose_address_it_is
from registries.views.people.places import OrganizationPlace, among_members, answering
from registries.views.places import caller

SIGN_UP = "account/signup.html"
FIELDS = ("name", "full_name", "email")


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def create_organization(request: HttpRequest) -> HttpResponse:
    if not may_create_organization(caller(request)):
        raise NotAllowed("Only the operator of this server can create organizations.")
    form, status = TypedForm.of(name=""), 200
    if request.method == "POST":
        typed = {"name": plain(request.POST.get("name", "")).strip()}
        try:
            organization = create(caller(request), typed["name"])
            announce(request, f"Organization “{organization.name}” created.")
            return go(request, reverse("home", args=[organization.name]))
        except RegistryError as refusal:
            form, status = TypedForm.refused(refusal, typed), refusal.status
    return answer(request, "organization/create_organization.html", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
@among_members
def delete(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    """Asks for the name."""
    require_organization_admin(caller(request), place.organization)
    name = place.organization.name
    typed = request.POST.get("confirmed_name", "").strip()
    form, status = TypedForm.of(confirmed_name=""), 200
    if request.method == "POST":
        try:
            if typed != name:
                sentence = f"Type {name} exactly to delete the organization."
                raise Invalid("name_differs", sentence, field="confirmed_name")
            delete_organization(caller(request), place.organization)
            announce(request, f"Organization “{name}” deleted.")
            return go(request, reverse("start"))
        except RegistryError as refusal:
            form, status = TypedForm.refused(refusal, {"confirmed_name": typed}), refusal.status
    context = {"place": place, "form": form}
    return answer(request, "organization/delete_organization.html", context, status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if not settings.WAYMARK_OPEN_SIGN_UP:
        return render(request, "account/signup_closed.html", status=403)
    if request.user.is_authenticated:
        return redirect("start")
    form = TypedForm.of(name="", full_name="", email="", password="")
    if request.method != "POST":
        return render(request, SIGN_UP, {"form": form})
    limited = ratelimit.consume_or_429(request, action="signup")
    if limited:
        return limited  # type: ignore[no-any-return]
    typed = {name: plain(request.POST.get(name, "")).strip() for name in FIELDS}
    try:
        user = make_account(password=request.POST.get("password", ""), **typed)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed | {"password": ""})
        return render(request, SIGN_UP, {"form": form}, status=refusal.status)
    login(request, user, backend=BACKEND)
    ask_whose_address_it_is(request, user, typed["email"])
    return redirect("start")
