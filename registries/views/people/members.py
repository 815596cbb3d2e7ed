"""The people of an organization."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adapters import address_of
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound, RegistryError
from accounts.models import OrganizationMembership, User
from accounts.names import entity_key
from accounts.operations import people
from accounts.operations.organizations import remove_from_organization, set_organization_role
from accounts.operations.reset_links import create_reset_link
from accounts.permissions import is_operator
from registries.forms.typed import sent
from registries.queries.narrowing import Narrowing
from registries.queries.people import MEMBER_SORTS, members_of
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.people.places import (
    OrganizationPlace,
    among_members,
    member_numbered,
    organization_again,
)
from registries.views.places import caller

PAGE, MEMBER = "organization/members.html", "organization/member.html"
ROLES = OrganizationMembership.Role.choices


@require_safe
@among_members
def members(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    fragment = wants_fragment(request, "members")
    template = "organization/_members.html" if fragment else PAGE
    return answer(request, template, page_context(request, place))


@require_safe
@among_members
def member(request: HttpRequest, place: OrganizationPlace, name: str) -> HttpResponse:
    return answer(request, MEMBER, _member_context(request, place, _named(place, name)))


@require_POST
@among_members
def member_role(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    user = member_numbered(place, request.POST.get("member", ""))
    role = sent(request.POST, "role")
    try:
        set_organization_role(caller(request), place.organization, user, role)
    except (Conflict, Invalid) as refusal:
        return _refused(request, place, refusal)
    announce(request, f"{user.username} is {role} of {place.organization.name} now.")
    now = organization_again(request, place)
    if now and wants_fragment(request):
        context = {**page_context(request, now), "part": "organization/_members.html"}
        return answer(request, "organization/_changed.html", context)
    return _back(request, now)


@require_POST
@among_members
def remove(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    user = member_numbered(place, request.POST.get("member", ""))
    try:
        remove_from_organization(caller(request), place.organization, user)
    except Conflict as refusal:
        return _refused_at(request, place, user, refusal)
    announce(request, f"{user.username} is not in {place.organization.name} any more.")
    return _back(request, organization_again(request, place))


@require_POST
@among_members
def deactivate(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    user = member_numbered(place, request.POST.get("member", ""))
    try:
        people.deactivate_user(caller(request), user)
    except Conflict as refusal:
        return _refused_at(request, place, user, refusal)
    announce(request, f"{user.username} is deactivated. Sessions and keys have ended.")
    return _back(request, place)


@require_POST
@among_members
def reactivate(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    user = member_numbered(place, request.POST.get("member", ""))
    people.reactivate_user(caller(request), user)
    announce(request, f"{user.username} can sign in again.")
    return _back(request, place)


@require_POST
@never_cache
@among_members
def reset_link(request: HttpRequest, place: OrganizationPlace) -> HttpResponse:
    """The answer shows the link, to be handed on."""
    user = member_numbered(place, request.POST.get("member", ""))
    link = address_of(request, create_reset_link(caller(request), user))
    context = {"place": place, "user_of_link": user, "link": link}
    return answer(request, "organization/reset_link.html", context)


def page_context(request: HttpRequest, place: OrganizationPlace) -> dict[str, Any]:
    roles = OrganizationMembership.Role.values
    wanted = Narrowing.read(request.GET, MEMBER_SORTS, role=roles)
    found = members_of(place.organization, wanted)
    address = reverse("member-role", args=[place.organization.name])
    return {
        "place": place,
        "list": found,
        "filter": wanted,
        "roles": ROLES,
        "role_address": address + wanted.at(found.page.number),
        "is_operator": is_operator(caller(request)),
        "tab": "members",
    }


def _member_context(request: HttpRequest, place: OrganizationPlace, user: User) -> dict[str, Any]:
    by = caller(request)
    if not place.is_admin and not is_operator(by):
        raise NotAllowed(f"Only admins of {place.organization.name} can manage its members.")
    role = place.organization.memberships.values_list("role", flat=True).get(user=user)
    may_get_link = place.is_admin and user.is_active and not user.is_service_account
    owner = None
    if user.is_service_account:
        owner = place.organization.teams.filter(service_accounts=user).first()
    return {
        "place": place,
        "member": user,
        "role": role,
        "is_operator": is_operator(by),
        "may_get_link": may_get_link,
        "owner": owner,
    }


def _named(place: OrganizationPlace, name: str) -> User:
    user = place.organization.members.filter(entity__name__lower=entity_key(name)).first()
    if user is None:
        raise NotFound
    return user


def _back(request: HttpRequest, place: OrganizationPlace | None) -> HttpResponse:
    """To the part of the list where somebody was changed; home for whoever is not in it now."""
    if place is None:
        return go(request, reverse("start"))
    address = reverse("members", args=[place.organization.name])
    query = request.GET.urlencode()
    return go(request, f"{address}?{query}" if query else address)


def _refused(
    request: HttpRequest, place: OrganizationPlace, refusal: RegistryError
) -> HttpResponse:
    """With every row as it is: a choice that was refused does not stay chosen."""
    context = {**page_context(request, place), "refusal": refusal.sentence}
    template = "organization/_members.html" if wants_fragment(request) else PAGE
    return answer(request, template, context, refusal.status)


def _refused_at(
    request: HttpRequest, place: OrganizationPlace, user: User, refusal: RegistryError
) -> HttpResponse:
    user.refresh_from_db()
    context = {**_member_context(request, place, user), "refusal": refusal.sentence}
    return answer(request, MEMBER, context, refusal.status)
