"""`file_stream`: what a running script reports of its run, line by line."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.callers import Caller, Way
from accounts.errors import RegistryError
from artifacts.history import read_line
from artifacts.models import Run
from artifacts.names import LONGEST_NAME, valid_json
from artifacts.operations.run_history import MOST_LINES
from artifacts.operations.runs import extend_run
from wandb_api.authentication import user_of_request
from wandb_api.context import Context, shares_run
from wandb_api.resolvers.found import project_named

LARGEST_BODY = 32 * 1024 * 1024
HISTORY = "wandb-history.jsonl"
COUNTED = {
    HISTORY: "history_line_count",
    "wandb-events.jsonl": "event_line_count",
    "output.log": "log_line_count",
}
SUMMARY = "wandb-summary.json"


@csrf_exempt  # The key is in a header.
@login_not_required
def file_stream(request: HttpRequest, entity: str, project: str, run: str) -> JsonResponse:
    """Answers `{}` as long as the run may go on. 404 ends the reporting, not the script."""
    user = user_of_request(request)
    if user is None:
        return JsonResponse({"error": "This API key is unknown, expired or revoked."}, status=401)
    try:
        found = project_named(Context(request, user), entity, project)
        row = Run.objects.filter(project=found, name=run).select_related("project__entity").first()
        body = _read(request)
        if row is None or body is None:
            return JsonResponse({"error": "There is no such run."}, status=404)
        extend_run(Caller(user, Way.SDK), row, writer=_writer(request), **_brought(body))
    except RegistryError as refusal:
        return JsonResponse({"error": refusal.sentence}, status=404)
    return JsonResponse({})


def _writer(request: HttpRequest) -> str | None:
    """The id that one of several processes gives itself."""
    if not shares_run(request):
        return None
    return request.headers.get("X-Wandb-Async-Client-Id", "")[:LONGEST_NAME] or None


def _read(request: HttpRequest) -> dict[str, Any] | None:
    raw = request.read(LARGEST_BODY)
    try:
        if request.headers.get("Content-Encoding") == "gzip":
            raw = zlib.decompressobj(wbits=31).decompress(raw, LARGEST_BODY)
        body = json.loads(raw or b"{}")
    except (zlib.error, ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _brought(body: dict[str, Any]) -> dict[str, Any]:
    """What `extend_run` takes: counts of lines, the last summary, the state at the end, history."""
    files = body.get("files")
    files = files if isinstance(files, dict) else {}
    counts = {column: _end(files.get(name)) for name, column in COUNTED.items()}
    state = None
    if body.get("complete"):
        state = Run.State.FINISHED if body.get("exitcode") == 0 else Run.State.FAILED
    brought = {"counts": counts, "summary": _summary(files.get(SUMMARY)), "state": state}
    if _end(files.get(HISTORY)):
        piece = files[HISTORY]
        brought |= {"history": piece["content"], "history_begins_at": piece.get("offset", 0)}
    return brought


def _end(piece: Any) -> int:
    """Up to which line of its file a piece reaches: one that comes twice counts once.

    Lines beyond MOST_LINES are not counted. 0 for what is no piece, or begins beyond them.
    """
    if not isinstance(piece, dict) or not isinstance(piece.get("content"), list):
        return 0
    offset = piece.get("offset", 0)
    if not isinstance(offset, int) or not 0 <= offset < MOST_LINES:
        return 0
    return min(offset + len(piece["content"]), MOST_LINES)


def _summary(given: Any) -> dict[str, Any] | None:
    """The last line counts, NaN in it read as in a line of history; what is no sound JSON object is
    passed over.
    """
    content = given.get("content") if isinstance(given, dict) else None
    if not isinstance(content, list) or not content:
        return None
    try:
        summary = read_line(content[-1])
    except (TypeError, ValueError, RecursionError):
        return None
    return summary if _is_sound(summary) else None


def _is_sound(summary: Any) -> bool:
    try:
        valid_json(summary)
    except RegistryError:
        return False
    return True
