"""Answers: a page, or the part of it that HTMX asked for; a refusal as either."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe

from accounts.errors import RegistryError

SEE_OTHER = 303

TITLES = {
    403: "Not for you to change",
    404: "Not found",
    410: "No longer here",
}
# Conflicts with what somebody else did since the page was shown. Others are rules.
CHANGED_MEANWHILE = {
    "alias_moved",
    "automation_deleted",
    "changed_meanwhile",
    "project_in_use",
    "protection_changed",
    "version_gone",
}


def wants_fragment(request: HttpRequest, target: str | None = None) -> bool:
    """True when HTMX asks for a part of the page, or for the part with the id `target`."""
    details = getattr(request, "htmx", None)
    if not details or details.boosted or details.history_restore_request:
        return False
    return target is None or details.target == target


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page or a fragment. Both have the same address, so caches keep them apart."""
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def announce(request: HttpRequest, sentence: str) -> None:
    """Says it once, at the bottom of the next page or of this fragment."""
    messages.success(request, sentence)


def announce_changes(request: HttpRequest, template: str, context: dict[str, Any]) -> None:
    """`announce()` for a sentence with badges in it."""
    sentence = render_to_string(template, context).strip()
    if sentence:
        messages.success(request, mark_safe(sentence))  # noqa: S308 rendered with autoescape


def retarget(response: HttpResponse, target: str, swap: str = "outerHTML") -> HttpResponse:
    """Puts a fragment elsewhere than where the request said."""
    response["HX-Retarget"] = f"#{target}"
    response["HX-Reswap"] = swap
    return response


def go(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, after a change. HTMX follows with a whole page too."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    response = redirect(address)
    response.status_code = SEE_OTHER
    return response


def refused(request: HttpRequest, refusal: RegistryError) -> HttpResponse:
    """A refusal that belongs to no field of a form on the page."""
    context = refusal_context(refusal)
    if wants_fragment(request):
        fragment = answer(request, "errors/_notice.html", context, refusal.status)
        return retarget(fragment, "notice")
    template = "404.html" if refusal.status == 404 else "errors/refused.html"
    return answer(request, template, context, refusal.status)


def refusal_context(refusal: RegistryError) -> dict[str, Any]:
    """What a notice shows of it."""
    return {"refusal": refusal, "title": _title(refusal)}


def _title(refusal: RegistryError) -> str:
    if refusal.status == 409 and refusal.code in CHANGED_MEANWHILE:
        return "Changed meanwhile"
    return TITLES.get(refusal.status, "Not possible")
