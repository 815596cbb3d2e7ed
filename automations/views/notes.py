"""Notes to admins, each dismissed when somebody has seen to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotFound
from automations.models import Note
from automations.operations import notes as operations
from automations.queries.notes import SORTS, notes_of
from automations.views.places import caller, person
from registries.queries.narrowing import Narrowing
from registries.views.answers import announce, answer, go, wants_fragment
from registries.views.places import answered


@require_safe
@answered
def notes(request: HttpRequest) -> HttpResponse:
    wanted = Narrowing.read(request.GET, SORTS, kind=Note.Kind.values)
    found = notes_of(person(request), wanted)
    context = {
        "notes": found,
        "filter": wanted,
        "kinds": Note.Kind.choices,
        "here": wanted.at(found.number),
        "shows_homes": True,
    }
    fragment = wants_fragment(request, "notes")
    return answer(request, f"notes/{'_' if fragment else ''}notes.html", context)


@require_POST
@answered
def dismiss_note(request: HttpRequest, note: int) -> HttpResponse:
    found = Note.objects.filter(pk=note).first()
    if found is None:
        raise NotFound
    operations.dismiss_note(caller(request), found)
    announce(request, "Dismissed. When it happens again there is a new note.")
    query = request.GET.urlencode()
    return go(request, f"{reverse('notes')}?{query}" if query else reverse("notes"))
