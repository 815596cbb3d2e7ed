"""The teams of an organization, and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Invalid, NotFound, RegistryError
from accounts.models import TeamMembership, User
from accounts.operations import teams as operations
from accounts.operations.invitations import invite_to_team, open_invitation
from accounts.operations.service_accounts import create_service_account
from accounts.permissions import require_organization_admin, require_team_admin
from registries.forms.typed import TypedForm, sent
from registries.queries.narrowing import Narrowing
from registries.queries.people import (
    ACCOUNT_SORTS,
    ACCOUNTS,
    MEMBER_SORTS,
    TEAM_SORTS,
    people_of_team,
    service_accounts_of,
    teams_of,
)
from registries.queries.terms import askable
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.people.invitations import shown
from registries.views.people.places import (
    OrganizationPlace,
    TeamPlace,
    among_members,
    in_team,
    team_again,
)
from registries.views.places import caller

TEAMS = "organization/teams.html"
TEAM = "team/team.html"
FRAGMENTS = {
    "people-list": "team/_people_list.html",
    "service-account-list": "team/_service_account_list.html",
}


@require_http_methods(["GET", "HEAD", "POST"])
@among_members
def teams(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    form, status = TypedForm.of(name=""), 200
    if request.method == "POST":
        require_organization_admin(caller(request), place.organization)
        typed = {"name": sent(request.POST, "name").strip()}
        try:
            team = operations.create_team(caller(request), place.organization, typed["name"])
            announce(request, f"Team “{team.name}” created.")
            return go(request, reverse("team", args=[place.organization.name, team.name]))
        except RegistryError as refusal:
            form, status = TypedForm.refused(refusal, typed), refusal.status
    wanted = Narrowing.read(request.GET, TEAM_SORTS)
    context = {
        "place": place,
        "teams": teams_of(place.organization, wanted),
        "filter": wanted,
        "form": form,
        "tab": "teams",
    }
    fragment = wants_fragment(request, "teams") and status == 200
    return answer(request, "organization/_teams.html" if fragment else TEAMS, context, status)


@require_safe
@in_team
def team(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    context = page_context(request, place)
    for target, template in FRAGMENTS.items():
        if wants_fragment(request, target):
            return answer(request, template, context)
    return answer(request, TEAM, context)


@require_POST
@never_cache
@in_team
def add(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    """Somebody of the organization is in at once; for somebody new the answer shows a link."""
    require_team_admin(caller(request), place.team)
    typed = {name: sent(request.POST, name).strip() for name in ("who", "role")}
    try:
        membership, token = invite_to_team(
            caller(request), place.team, askable(typed["who"]), typed["role"]
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed, beside={"email": "who", "": "who"})
        return answer(request, TEAM, page_context(request, place, add=form), refusal.status)
    if membership is None:
        context = page_context(request, place) | shown(request, open_invitation(token), token)
        return answer(request, TEAM, context)
    announce(request, f"{membership.user.username} is in {place.team.name}.")
    return back(request, place)


@require_POST
@in_team
def member_role(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    require_team_admin(caller(request), place.team)
    user = _member(place, request.POST.get("member", ""))
    role = sent(request.POST, "role")
    operations.add_to_team(caller(request), place.team, user, role)
    announce(request, f"{user.username} is {role} of {place.team.name} now.")
    now = team_again(request, place)
    if now and wants_fragment(request):
        context = {**page_context(request, now), "part": "team/_people.html"}
        return answer(request, "organization/_changed.html", context)
    return back(request, now)


@require_POST
@in_team
def remove(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    require_team_admin(caller(request), place.team)
    user = _member(place, request.POST.get("member", ""))
    operations.remove_from_team(caller(request), place.team, user)
    announce(request, f"{user.username} is not in {place.team.name} any more.")
    return back(request, place)


@require_POST
@in_team
def create_account(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    require_team_admin(caller(request), place.team)
    typed = {name: sent(request.POST, name).strip() for name in ("name", "full_name")}
    try:
        made = create_service_account(caller(request), place.team, **typed)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed)
        return answer(request, TEAM, page_context(request, place, account=form), refusal.status)
    announce(request, f"Service account “{made.username}” created. Now give it a key.")
    names = [place.organization.name, place.team.name, made.username]
    return go(request, reverse("service-account", args=names))


@require_http_methods(["GET", "HEAD", "POST"])
@in_team
def delete(request: HttpRequest, place: TeamPlace) -> HttpResponse:
    """Asks for the name."""
    require_organization_admin(caller(request), place.organization)
    typed = request.POST.get("confirmed_name", "").strip()
    form, status = TypedForm.of(confirmed_name=""), 200
    if request.method == "POST":
        try:
            if typed != place.team.name:
                sentence = f"Type {place.team.name} exactly to delete the team."
                raise Invalid("name_differs", sentence, field="confirmed_name")
            operations.delete_team(caller(request), place.team)
            announce(request, f"Team “{place.team.name}” deleted.")
            return go(request, reverse("teams", args=[place.organization.name]))
        except RegistryError as refusal:
            form, status = TypedForm.refused(refusal, {"confirmed_name": typed}), refusal.status
    return answer(request, "team/delete_team.html", {"place": place, "form": form}, status)


def page_context(request: HttpRequest, place: TeamPlace, **forms: TypedForm) -> dict[str, Any]:
    wanted = Narrowing.read(request.GET, MEMBER_SORTS, role=TeamMembership.Role.values)
    people = people_of_team(place.team, wanted)
    role_address = reverse("team-role", args=[place.organization.name, place.team.name])
    accounts_wanted = Narrowing.read(request.GET, ACCOUNT_SORTS, ACCOUNTS)
    return {
        "place": place,
        "people": people,
        "filter": wanted,
        "here": wanted.at(people.number),
        "role_address": role_address + wanted.at(people.number),
        "accounts": service_accounts_of(place.team, accounts_wanted),
        "account_filter": accounts_wanted,
        "add_form": forms.get("add", TypedForm.of(who="", role="member")),
        "account_form": forms.get("account", TypedForm.of(name="", full_name="")),
        "roles": TeamMembership.Role.choices,
    }


def back(request: HttpRequest, place: TeamPlace | None) -> HttpResponse:
    """To the part of the list where somebody was changed; home for whoever sees it no more."""
    if place is None:
        return go(request, reverse("start"))
    address = reverse("team", args=[place.organization.name, place.team.name])
    query = request.GET.urlencode()
    return go(request, f"{address}?{query}" if query else address)


def _member(place: TeamPlace, number: str) -> User:
    if number.isdecimal() and len(number) < 18:
        user = User.objects.filter(team_memberships__group=place.team, pk=number).first()
        if user is not None:
            return user
    raise NotFound
