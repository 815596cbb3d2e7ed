"""Invitations: made, taken back, and accepted."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.adapters import address_of
from accounts.errors import Conflict, Invalid, NotFound, RegistryError
from accounts.mail import send_invitation
from accounts.models import Invitation, OrganizationMembership, Team, TeamMembership, User
from accounts.operations import invitations as operations
from accounts.permissions import require_organization_admin
from accounts.views.sign_in_link import BACKEND
from registries.forms.typed import TypedForm, plain, sent
from registries.queries.narrowing import Narrowing
from registries.queries.paging import page_number
from registries.queries.people import INVITATION_SORTS, open_invitations_of
from registries.queries.terms import askable
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.people.newcomers import ask_whose_address_it_is
from registries.views.people.places import OrganizationPlace, among_members
from registries.views.places import caller

PAGE = "organization/invitations.html"
ACCEPT = "sign_in/accept_invitation.html"
FIELDS = ("name", "full_name", "email")
DAYS = (1, 7, 30)


@require_safe
@among_members
def invitations(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    require_organization_admin(caller(request), place.organization)
    fragment = wants_fragment(request, "open-invitations")
    template = "organization/_open_invitations.html" if fragment else PAGE
    return answer(request, template, page_context(request, place))


@require_POST
@never_cache
@among_members
def invite(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    """The answer shows the link. It is the only one that ever does."""
    require_organization_admin(caller(request), place.organization)
    typed = {name: sent(request.POST, name) for name in ("email", "role", "team", "days")}
    try:
        invitation, token = operations.invite(
            caller(request),
            place.organization,
            role=typed["role"],
            teams=_chosen(place, typed["team"]),
            email=typed["email"],
            days=page_number(typed["days"]),
        )
    except Invalid as refusal:
        context = page_context(request, place, TypedForm.refused(refusal, typed))
        return answer(request, PAGE, context, refusal.status)
    return answer(request, PAGE, page_context(request, place) | shown(request, invitation, token))


@require_POST
@among_members
def revoke(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    require_organization_admin(caller(request), place.organization)
    number = request.POST.get("invitation", "")
    found = place.organization.invitations.filter(pk=page_number(number)).first()
    if found is None:
        raise NotFound
    try:
        operations.revoke_invitation(caller(request), found)
    except Conflict as refusal:
        context = page_context(request, place) | {"refusal": refusal.sentence}
        return answer(request, PAGE, context, refusal.status)
    announce(request, "Invitation taken back. Its link does not work any more.")
    address, query = reverse("invitations", args=[place.organization.name]), request.GET.urlencode()
    return go(request, f"{address}?{query}" if query else address)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody signed in joins; somebody new chooses a name and a password."""
    try:
        invitation = operations.open_invitation(token)
    except RegistryError as refusal:
        return render(request, ACCEPT, {"spent": refusal}, status=refusal.status)
    context = {"invitation": invitation, "here": request.path}
    if request.method != "POST":
        form = TypedForm.of(name="", full_name="", email=invitation.email, password="")
        return render(request, ACCEPT, context | {"form": form})
    if isinstance(request.user, User):
        return _join(request, token, context)
    return _make_account(request, token, context)


def page_context(
    request: HttpRequest, place: OrganizationPlace, form: TypedForm | None = None
) -> dict[str, Any]:
    roles = OrganizationMembership.Role
    wanted = Narrowing.read(request.GET, INVITATION_SORTS, role=roles.values)
    found = open_invitations_of(place.organization, wanted)
    return {
        "place": place,
        "open": found,
        "filter": wanted,
        "here": wanted.at(found.number),
        "form": form or TypedForm.of(email="", role="member", team="", days="7"),
        "roles": roles.choices,
        "teams": place.organization.teams.order_by("name")[:200],
        "days": DAYS,
        "tab": "invitations",
    }


def shown(request: HttpRequest, invitation: Invitation, token: str) -> dict[str, Any]:
    """The link for the page, mailed as well when it was meant for an address."""
    link = address_of(request, reverse("accept-invitation", args=[token]))
    return {"link": link, "invitation": invitation, "mailed": send_invitation(invitation, link)}


def _chosen(place: OrganizationPlace, name: str) -> dict[Team, str]:
    if not name:
        return {}
    team = place.organization.teams.filter(name=askable(name)).first()
    if team is None:
        raise Invalid("team", "Choose one of the teams offered.", field="team")
    return {team: TeamMembership.Role.MEMBER}


def _join(request: HttpRequest, token: str, context: dict[str, Any]) -> HttpResponse:
    try:
        organization = operations.accept_invitation(caller(request), token)
    except RegistryError as refusal:
        return render(request, ACCEPT, context | {"refusal": refusal}, status=refusal.status)
    announce(request, f"You are in {organization.name}.")
    return redirect("home", organization.name)


def _make_account(request: HttpRequest, token: str, context: dict[str, Any]) -> HttpResponse:
    limited = ratelimit.consume_or_429(request, action="signup")
    if limited:
        return limited  # type: ignore[no-any-return]
    typed = {name: plain(request.POST.get(name, "")).strip() for name in FIELDS}
    password = request.POST.get("password", "")
    try:
        user = operations.join_as_somebody_new(token, password=password, **typed)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed | {"password": ""})
        return render(request, ACCEPT, context | {"form": form}, status=refusal.status)
    login(request, user, backend=BACKEND)
    ask_whose_address_it_is(request, user, typed["email"])
    return redirect("home", context["invitation"].organization.name)
