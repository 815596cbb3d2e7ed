"""A run: what it was told, what it said, what it took and made."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.errors import NotFound
from artifacts.models import Run
from registries.queries.file_preview import console_output
from registries.queries.narrowing import Narrowing
from registries.queries.run_history import logged_by
from registries.queries.runs import FILE_SORTS, FILES, files_of_run, made_by, used_by
from registries.queries.terms import askable
from registries.roles import Right
from registries.views.answers import answer, wants_fragment
from registries.views.downloads import attachment
from registries.views.places import RunPlace, in_run, person


@require_safe
@in_run
def run(request: HttpRequest, place: RunPlace) -> HttpResponse:
    user = person(request)
    wanted = Narrowing.read(request.GET, FILE_SORTS, FILES)
    context = {
        "place": place,
        "run": place.run,
        "files": files_of_run(place.run, wanted),
        "filter": wanted,
    }
    if wants_fragment(request, "run-file-list"):
        return answer(request, "run/_run_file_list.html", context)
    context |= {
        "tags": list(place.run.tags.order_by("name").values_list("name", flat=True)),
        "config": config_of(place.run),
        "made": made_by(user, place.run),
        "history": logged_by(place.run),
        "used": used_by(user, place.run),
        "console": console_output(place.run),
        "current_page": place.section,
    }
    return answer(request, "run/run.html", context)


@require_safe
@in_run
def download_run_file(request: HttpRequest, place: RunPlace, file: str) -> FileResponse:
    place.access.require(Right.DOWNLOAD)
    found = place.run.files.filter(name=askable(file)).select_related("stored_file").first()
    if found is None or found.stored_file is None:
        raise NotFound
    return attachment(found.stored_file, found.name)


def config_of(run: Run) -> dict[str, Any]:
    """As the script gave it: the SDK wraps each value, and adds notes of its own in `_wandb`."""
    return {
        name: given["value"] if isinstance(given, dict) and "value" in given else given
        for name, given in run.config.items()
        if name != "_wandb"
    }
