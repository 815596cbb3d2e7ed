"""The Aliases field of a version: + and ×, the names offered, the question asked before."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Conflict, NotFound, RegistryError
from accounts.names import fold
from registries.forms.typed import TypedForm
from registries.names import LATEST, custom_alias, valid_alias
from registries.operations import aliases as operations
from registries.queries.alias_options import options_for
from registries.queries.terms import Term
from registries.views.alias_questions import Asked, asked_of, counters_shown
from registries.views.answers import (
    announce_changes,
    answer,
    go,
    refusal_context,
    refused,
    retarget,
    wants_fragment,
)
from registries.views.places import VersionPlace, caller, in_version, read_again
from registries.views.version import PAGE, page_context

MOVE, REMOVE = "move", "remove"


@require_POST
@in_version
def add_aliases(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """Several `alias`, or one typed `name`. Moving a protected alias asks first."""
    names = _names(request)
    asked = asked_of(place.collection, place.access, names)
    if "confirmed" not in request.POST and any(
        line.moves_to(place.version.number) and place.access.can_change_alias(line.name)
        for line in asked
    ):
        return _ask(request, place, MOVE, names)
    try:
        changes = operations.add_aliases(
            caller(request), place.version, names, expected=counters_shown(request)
        )
    except Conflict as conflict:
        return _asked_again(request, place, MOVE, names, conflict)
    except RegistryError as refusal:
        return _refused(request, place, refusal, names)
    return _changed(request, place, MOVE, changes)


@require_POST
@in_version
def remove_aliases(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """Taking off a protected alias asks first."""
    names = _names(request)
    judged = [name for name in names if name in place.carried and place.access.is_protected(name)]
    if "confirmed" not in request.POST and any(map(place.access.can_change_alias, judged)):
        return _ask(request, place, REMOVE, names)
    try:
        changes = operations.remove_aliases(
            caller(request), place.version, names, expected=counters_shown(request)
        )
    except Conflict as conflict:
        return _asked_again(request, place, REMOVE, names, conflict)
    return _changed(request, place, REMOVE, changes)


@require_safe
@in_version
def alias_options(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """Names known in the registry that match what is typed, and where each is now."""
    term = Term.typed(request.GET.get("name", ""))
    options = options_for(place.version, place.access, term)
    context = {
        "place": place,
        "term": term.folded,
        "options": options,
        "may_create": _may_create(place, term.text),
    }
    return answer(request, "version/_alias_options.html", context)


def _may_create(place: VersionPlace, name: str) -> bool:
    """Nothing is promised that the button beside it would refuse."""
    try:
        place.access.require_change_of_alias(custom_alias(valid_alias(name)))
    except RegistryError:
        return False
    return True


@require_safe
@in_version
def confirm_alias(request: HttpRequest, place: VersionPlace) -> HttpResponse:
    """The question as a page of its own, for browsers without script."""
    deed = REMOVE if request.GET.get("deed") == REMOVE else MOVE
    names = request.GET.getlist("alias")
    if not names:
        raise NotFound
    for name in names:
        place.access.require_change_of_alias(name)
    return _question(request, place, deed, names)


def _names(request: HttpRequest) -> list[str]:
    typed = request.POST.getlist("alias") or [request.POST.get("name", "")]
    return [name.strip() for name in typed]


def _ask(request: HttpRequest, place: VersionPlace, deed: str, names: list[str]) -> HttpResponse:
    if wants_fragment(request):
        return _question(request, place, deed, names)
    query = urlencode({"deed": deed, "alias": names}, doseq=True)
    return go(request, f"{place.version_page('confirm-alias')}?{query}")


def _asked_again(
    request: HttpRequest, place: VersionPlace, deed: str, names: list[str], conflict: Conflict
) -> HttpResponse:
    """The same question, about the state as it is by now."""
    return _question(request, read_again(request, place), deed, names, conflict)


def _question(
    request: HttpRequest,
    place: VersionPlace,
    deed: str,
    names: list[str],
    conflict: Conflict | None = None,
) -> HttpResponse:
    lines = asked_of(place.collection, place.access, names)
    asked = [line for line in lines if _would_change(place, deed, line)]
    if not asked:
        return _nothing_to_ask(request, place, deed, lines, conflict)
    context = {
        "place": place,
        "version": place.version,
        "deed": deed,
        "asked": asked,
        "conflict": conflict,
    }
    status = conflict.status if conflict else 200
    if wants_fragment(request):
        fragment = answer(request, "version/_confirm_alias.html", context, status)
        return retarget(fragment, "dialog", "innerHTML")
    return answer(request, "version/confirm_alias.html", context, status)


def _would_change(place: VersionPlace, deed: str, line: Asked) -> bool:
    is_here = line.number == place.version.number
    if deed == REMOVE:
        return is_here
    return not is_here and fold(line.name) != place.version.label


def _nothing_to_ask(
    request: HttpRequest,
    place: VersionPlace,
    deed: str,
    lines: list[Asked],
    conflict: Conflict | None,
) -> HttpResponse:
    """What the question was about has happened already, or cannot happen any more."""
    if conflict is None:
        already = [line for line in lines if deed == MOVE and line.number is not None]
        return _changed(request, place, deed, already)
    if not wants_fragment(request):
        return refused(request, conflict)
    context = {**page_context(request, place), **refusal_context(conflict)}
    fragment = answer(request, "version/_aliases_outdated.html", context, conflict.status)
    return retarget(fragment, "notice")


def _changed(
    request: HttpRequest,
    place: VersionPlace,
    deed: str,
    changes: Sequence[operations.AliasChange | Asked],
) -> HttpResponse:
    announce_changes(
        request,
        "version/_alias_changes.html",
        {"changes": changes, "version": place.version, "deed": deed, "offers_automation": True},
    )
    if not wants_fragment(request):
        return go(request, place.version_page())
    context = page_context(request, read_again(request, place))
    fragment = answer(request, "version/_aliases_changed.html", context)
    return retarget(fragment, "version-aliases")


def _refused(
    request: HttpRequest, place: VersionPlace, refusal: RegistryError, names: list[str]
) -> HttpResponse:
    """The popover stays, and the name in it. Who has no popover gets a page."""
    if not place.access.can_change_alias(LATEST):
        raise refusal
    typed = {"name": names[0] if names else ""}
    form = TypedForm.refused(refusal, typed, beside={"alias": "name", "": "name"})
    if wants_fragment(request):
        context = {"place": place, "version": place.version, "alias_form": form}
        fragment = answer(request, "version/_add_alias.html", context, refusal.status)
        return retarget(fragment, "add-alias")
    context = {**page_context(request, place), "alias_form": form}
    return answer(request, PAGE, context, refusal.status)
