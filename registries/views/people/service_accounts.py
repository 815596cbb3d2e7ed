"""A service account of a team: its keys, and its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotFound, RegistryError
from accounts.models import User
from accounts.names import entity_key
from accounts.operations import api_keys, people
from accounts.permissions import require_team_admin
from registries.forms.typed import TypedForm, sent
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.people.account import back_to_keys, key_context, key_named, new_key
from registries.views.people.places import TeamPlace, in_team
from registries.views.places import caller

PAGE = "team/service_account.html"


@require_safe
@never_cache
@in_team
def service_account(request: HttpRequest, place: TeamPlace, account: str) -> HttpResponse:
    fragment = wants_fragment(request, "key-list")
    template = "account/_key_list.html" if fragment else PAGE
    context = _context(request, place, _account(request, place, account))
    return answer(request, template, context)


@require_POST
@never_cache
@in_team
def create_key(request: HttpRequest, place: TeamPlace, account: str) -> HttpResponse:
    """The answer shows the key. It is the only one that ever does."""
    user = _account(request, place, account)
    typed = {name: sent(request.POST, name) for name in ("name", "days")}
    try:
        secret = new_key(caller(request), user, typed)
    except RegistryError as refusal:
        context = _context(request, place, user, TypedForm.refused(refusal, typed))
        return answer(request, PAGE, context, refusal.status)
    return answer(request, PAGE, _context(request, place, user) | {"secret": secret})


@require_POST
@in_team
def revoke_key(request: HttpRequest, place: TeamPlace, account: str) -> HttpResponse:
    user = _account(request, place, account)
    key = key_named(request.POST.get("key", ""))
    if key.user_id != user.pk:
        raise NotFound
    api_keys.revoke_api_key(caller(request), key)
    announce(request, f"Key “{key.name or key.prefix}” revoked.")
    return go(request, back_to_keys(request, _page(place, user)))


@require_POST
@in_team
def switch(request: HttpRequest, place: TeamPlace, account: str) -> HttpResponse:
    """`on=yes` lets it in again, without it is deactivated: as the button that was pressed says,
    on a page that may be out of date."""
    user = _account(request, place, account)
    if request.POST.get("on") == "yes":
        people.reactivate_user(caller(request), user)
        announce(request, f"{user.username} is active again. Give it a new key.")
    else:
        people.deactivate_user(caller(request), user)
        announce(request, f"{user.username} is deactivated. Its keys have ended.")
    return go(request, _page(place, user))


def _account(request: HttpRequest, place: TeamPlace, name: str) -> User:
    """For whoever looks after it: others see the name on the team's page and nothing more."""
    require_team_admin(caller(request), place.team)
    user = place.team.service_accounts.filter(entity__name__lower=entity_key(name)).first()
    if user is None:
        raise NotFound
    user.owner_team = place.team
    return user


def _context(
    request: HttpRequest, place: TeamPlace, user: User, form: TypedForm | None = None
) -> dict[str, Any]:
    return key_context(request, user) | {
        "place": place,
        "account": user,
        "keys_page": _page(place, user),
        "revoke": reverse("revoke-service-key", args=_names(place, user)),
        "key_form": form or TypedForm.of(name="", days=""),
    }


def _page(place: TeamPlace, user: User) -> str:
    return reverse("service-account", args=_names(place, user))


def _names(place: TeamPlace, user: User) -> list[str]:
    return [place.organization.name, place.team.name, user.username]
