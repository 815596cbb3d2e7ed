"""The account: who one is here, where logging goes, keys of scripts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adapters import address_of
from accounts.callers import Caller, Way
from accounts.errors import Conflict, Invalid, NotFound, RegistryError
from accounts.mail import send_email_link
from accounts.models import ApiKey, Entity, User
from accounts.names import entity_key
from accounts.operations import api_keys, people
from accounts.operations.emails import create_email_link
from accounts.permissions import may_create_organization
from registries.forms.typed import TypedForm, sent
from registries.queries.account import (
    KEY_SORTS,
    KEYS,
    default_entities_of,
    keys_of,
    organizations_of,
)
from registries.queries.narrowing import Narrowing
from registries.queries.terms import askable
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.people.places import answering
from registries.views.places import caller, person

PAGE = "account/account.html"
DAYS = {"": None, "30": 30, "90": 90, "365": 365}


@require_safe
@never_cache
@answering
def account(request: HttpRequest) -> HttpResponse:
    fragment = wants_fragment(request, "key-list")
    template = "account/_key_list.html" if fragment else PAGE
    return answer(request, template, page_context(request))


@require_POST
@answering
def profile(request: HttpRequest) -> HttpResponse:
    user = person(request)
    typed = {name: sent(request.POST, name) for name in ("full_name", "email")}
    try:
        people.edit_profile(caller(request), user, **typed)
    except RegistryError as refusal:
        user.refresh_from_db()
        if refusal.code == "email_taken" and _asked_whose_it_is(request, user, typed["email"]):
            people.edit_profile(caller(request), user, full_name=typed["full_name"])
            announce(
                request,
                f"Profile saved. Somebody else claims {typed['email']}: a letter to it asks you "
                "to confirm that it is yours.",
            )
            return go(request, reverse("account"))
        form = TypedForm.refused(refusal, typed)
        return answer(request, PAGE, page_context(request, profile=form), refusal.status)
    if not user.email_is_verified and _asked_whose_it_is(request, user, user.email):
        announce(request, f"Profile saved. A letter to {user.email} asks you to confirm it.")
    else:
        announce(request, "Profile saved.")
    return go(request, reverse("account"))


def _asked_whose_it_is(request: HttpRequest, user: User, email: str) -> bool:
    """Whether a letter with a link went to the address; none does where somebody confirmed it."""
    try:
        path = create_email_link(caller(request), user, email)
    except Conflict:
        return False
    return send_email_link(user, email.strip(), address_of(request, path))


@require_POST
@answering
def default_entity(request: HttpRequest) -> HttpResponse:
    name = sent(request.POST, "default_entity")
    entity = Entity.objects.filter(name__lower=entity_key(askable(name))).first()
    if entity is None:
        raise NotFound
    people.set_default_entity(caller(request), person(request), entity)
    announce(request, f"Scripts log to {entity.name} when they name nobody.")
    return go(request, f"{reverse('account')}#default-entity")


@require_POST
@never_cache
@answering
def create_key(request: HttpRequest) -> HttpResponse:
    """The answer shows the key. It is the only one that ever does."""
    user = person(request)
    typed = {name: sent(request.POST, name) for name in ("name", "days")}
    try:
        secret = new_key(caller(request), user, typed)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed)
        return answer(request, PAGE, page_context(request, key=form), refusal.status)
    return answer(request, PAGE, page_context(request) | {"secret": secret})


@require_POST
@answering
def revoke_key(request: HttpRequest) -> HttpResponse:
    key = key_named(request.POST.get("key", ""))
    if key.user_id != person(request).pk:
        raise NotFound
    api_keys.revoke_api_key(caller(request), key)
    announce(request, f"Key “{key.name or key.prefix}” revoked.")
    return go(request, back_to_keys(request, reverse("account")))


def new_key(by: Caller, user: User, typed: dict[str, str]) -> str:
    if typed["days"] not in DAYS:
        raise Invalid("days", "Choose one of the times offered.", field="days")
    days = DAYS[typed["days"]]
    name = typed["name"].strip()
    return api_keys.create_api_key(by, user, name=name, expires_at=_in(days))[1]


def key_context(request: HttpRequest, user: User) -> dict[str, Any]:
    """The keys of a person or service account, as the address asks for them."""
    wanted = Narrowing.read(request.GET, KEY_SORTS, KEYS)
    found = keys_of(user, wanted)
    here = wanted.at(found.number)
    return {"keys": found, "key_filter": wanted, "here": here, "now": timezone.now()}


def back_to_keys(request: HttpRequest, page: str) -> str:
    """To the part of the list where one was revoked."""
    query = request.GET.urlencode()
    return f"{page}?{query}#api-keys" if query else f"{page}#api-keys"


def key_named(number: str) -> ApiKey:
    if number.isdecimal() and len(number) < 18:
        key = ApiKey.objects.select_related("user__owner_team").filter(pk=number).first()
        if key is not None:
            return key
    raise NotFound


def page_context(request: HttpRequest, **forms: TypedForm) -> dict[str, Any]:
    user = person(request)
    return key_context(request, user) | {
        "profile": TypedForm.of(full_name=user.full_name, email=user.email),
        "key_form": forms.pop("key", TypedForm.of(name="", days="")),
        "keys_page": reverse("account"),
        "revoke": reverse("revoke-key"),
        "mail_is_sent": settings.MAIL_IS_SENT,
        "organizations": organizations_of(user),
        "entities": default_entities_of(user),
        "default_entity": user.default_entity_id or user.entity_id,
        "may_create_organization": may_create_organization(Caller(user, Way.WEB)),
        "tab": "account",
        **forms,
    }


def _in(days: int | None) -> datetime | None:
    return None if days is None else timezone.now() + timedelta(days=days)
