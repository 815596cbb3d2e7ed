"""Settings, section Members and roles: Add access, roles, ×."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.errors import Conflict, Invalid, RegistryError
from accounts.models import Team, User
from registries.forms.typed import TypedForm, plain
from registries.models import Event, Registry
from registries.operations import members as operations
from registries.queries.settings import members_of
from registries.queries.terms import askable
from registries.roles import Right, Role
from registries.views.answers import announce
from registries.views.places import RegistryPlace, caller, in_registry
from registries.views.settings import changed_section, members_wanted, refused_section

SECTION = "members"


@require_POST
@in_registry
def add_access(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    typed = {name: plain(request.POST.get(name, "")).strip() for name in ("who", "role")}
    # Before anybody is looked up: who may not add learns nothing of who exists.
    place.access.require(Right.MANAGE_MEMBERS)
    try:
        role = _role(typed["role"])
        who = operations.find_grantee(place.registry, askable(typed["who"]))
        before = operations.add_member(caller(request), place.registry, who, role)
        _require_new(who, before, place.registry)
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed, beside={"": "who"})
        return refused_section(request, place, SECTION, {"access_form": form}, refusal)
    announce(request, f"{_name(who)} has access to {place.registry.name}.")
    return changed_section(request, place, SECTION)


@require_POST
@in_registry
def set_roles(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    """Fields `role-person-7` and `role-team-3`; `was-…` beside each is what the page showed."""
    place.access.require(Right.MANAGE_MEMBERS)
    sent, was = _sent(request, "role-"), _sent(request, "was-")
    changed = {key: codename for key, codename in sent.items() if was.get(key) != codename}
    try:
        members = {key: _member(place.registry, key) for key in changed}
        roles = {who: _role(changed[key]) for key, who in members.items()}
        seen = {who: was[key] for key, who in members.items() if key in was}
        operations.set_roles(caller(request), place.registry, roles, seen=seen)
    except RegistryError as refusal:
        shown = members_of(place.registry, members_wanted(request), sent, was)
        extra = {"members_refusal": refusal.sentence, "members": shown}
        return refused_section(request, place, SECTION, extra, refusal)
    for who, role in roles.items():
        announce(request, f"{_name(who)} is {role.label} now.")
    return changed_section(request, place, SECTION)


@require_POST
@in_registry
def remove_member(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    place.access.require(Right.MANAGE_MEMBERS)
    try:
        who = _member(place.registry, request.POST.get("member", ""))
        operations.remove_member(caller(request), place.registry, who)
    except RegistryError as refusal:
        extra = {"members_refusal": refusal.sentence}
        return refused_section(request, place, SECTION, extra, refusal)
    announce(request, f"{_name(who)} removed from {place.registry.name}.")
    return changed_section(request, place, SECTION)


def _require_new(who: User | Team, before: Role, registry: Registry) -> None:
    if before != Role.NONE:
        raise Conflict(
            "in_already",
            f"{_name(who)} has access to {registry.name} already, as {before.label}. "
            "Change the role in the list.",
            field="who",
        )


def _sent(request: HttpRequest, before: str) -> dict[str, str]:
    """Roles by the keys of members; `before` begins the names of the fields."""
    return {
        name.removeprefix(before): str(request.POST[name])
        for name in request.POST
        if name.startswith(before)
    }


def _member(registry: Registry, key: str) -> User | Team:
    """Who a key names, among those who have a role here."""
    kind, _, number = key.partition("-")
    pk = int(number) if number.isdecimal() and len(number) < 18 else 0
    found: User | Team | None = None
    if kind == "person":
        people = User.objects.filter(registrypersonrole__content_object=registry)
        found = people.filter(pk=pk).first()
    elif kind == "team":
        groups = Group.objects.filter(registryteamrole__content_object=registry)
        found = Team.objects.filter(pk__in=groups.filter(pk=pk)).first()
    if found is None:
        who = _former(registry, kind, pk) or "Whoever was chosen"
        raise Invalid("not_a_member", f"{who} is no member of {registry.name} any more.")
    return found


def _former(registry: Registry, kind: str, pk: int) -> str:
    """The name of who was one, as the history of the registry tells it; of nobody else."""
    named: User | Team | None = (
        Team.objects.filter(pk=pk).first() if kind == "team" else User.objects.filter(pk=pk).first()
    )
    ended = Event.objects.filter(project=registry.pk, kind=Event.Kind.MEMBER_REMOVED)
    return _name(named) if named and ended.filter(subject=_name(named)).exists() else ""


def _role(codename: str) -> Role:
    try:
        return Role.from_codename(codename)
    except ValueError as error:
        raise Invalid("role", "Choose one of the roles offered.", field="role") from error


def _name(who: User | Team) -> str:
    return who.username if isinstance(who, User) else who.name
