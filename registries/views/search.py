"""Search: results below the bar, and the first few while typing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Organization
from registries.queries.search import (
    KINDS,
    SHOWN_WHILE_TYPING,
    find_versions,
    search_one_kind,
)
from registries.queries.search import search as find
from registries.queries.terms import Term
from registries.views.answers import answer
from registries.views.places import in_organization, person


@require_safe
@in_organization
def search(request: HttpRequest, organization: Organization) -> HttpResponse:
    """`kind` shows one kind alone, paged."""
    user, term = person(request), Term.typed(request.GET.get("q", ""))
    context: dict[str, Any] = {
        "organization": organization,
        "term": term.text,
        "searched": term.folded,
        "kinds": KINDS,
    }
    kind = request.GET.get("kind", "")
    if term and kind in KINDS:
        page = request.GET.get("page", "")
        context["one"] = search_one_kind(user, organization, term, kind, page)
    else:
        context["results"] = find(user, organization, term)
        context["versions"] = find_versions(user, organization, term)
    return answer(request, "search/search.html", context)


@require_safe
@in_organization
def search_preview(request: HttpRequest, organization: Organization) -> HttpResponse:
    user, term = person(request), Term.typed(request.GET.get("q", ""))
    context = {
        "organization": organization,
        "term": term.text,
        "searched": term.folded,
        "results": find(user, organization, term, SHOWN_WHILE_TYPING),
        "versions": find_versions(user, organization, term),
    }
    return answer(request, "search/_search_preview.html", context)
