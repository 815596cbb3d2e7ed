"""Settings, section Protected Aliases: + and ×."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.errors import RegistryError
from registries.forms.typed import TypedForm, lines, plain
from registries.operations import protected_aliases as operations
from registries.queries.terms import askable
from registries.views.answers import announce
from registries.views.places import RegistryPlace, caller, in_registry
from registries.views.settings import changed_section, refused_section

SECTION = "protected_aliases"


@require_POST
@in_registry
def protect(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    """One name on each line of `names`, or a suggested `name`. All or none."""
    typed = plain(request.POST.get("names", ""))
    suggested = request.POST.getlist("name")
    try:
        new = operations.protect_aliases(caller(request), place.registry, suggested or lines(typed))
    except RegistryError as refusal:
        beside = {"alias": "names", "": "names"}
        form = TypedForm.refused(refusal, {"names": typed}, beside=beside)
        return refused_section(request, place, SECTION, {"protect_form": form}, refusal)
    announce(request, _said(new))
    return changed_section(request, place, SECTION)


@require_POST
@in_registry
def unprotect(request: HttpRequest, place: RegistryPlace) -> HttpResponse:
    name = askable(request.POST.get("name", ""))
    if operations.unprotect_alias(caller(request), place.registry, name):
        announce(request, f"“{name}” is no longer protected.")
    else:
        announce(request, f"“{name}” is not protected. Nothing was changed.")
    return changed_section(request, place, SECTION)


def _said(names: list[str]) -> str:
    if not names:
        return "Protected already. Nothing was changed."
    quoted = [f"“{name}”" for name in names]
    if len(quoted) == 1:
        return f"{quoted[0]} is protected."
    return f"{', '.join(quoted[:-1])} and {quoted[-1]} are protected."
