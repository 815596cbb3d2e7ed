"""`POST /graphql`: the one address all operations of the SDK come to.

The SDK repeats a request for minutes when it is answered with 405, 408, 411, 415, 429 or 5xx, so
whatever is final is answered with one of the other codes and `errors`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from graphql import ExecutionResult, GraphQLError

from accounts.database_faults import refusal_of
from accounts.errors import NOTHING_HERE, RegistryError
from artifacts.history import without_nul
from artifacts.names import NUL_IN_JSON
from wandb_api.authentication import user_of_request
from wandb_api.context import Context
from wandb_api.documents import plan
from wandb_api.execution.documents import Document

LARGEST_BODY = 16 * 1024 * 1024
WHERE_A_RUN_IS = frozenset({"id", "name", "project", "entity"})
# Of our own statuses, those the SDK does not take as final.
STATUS = {409: 422, 410: 422}
# By this status the SDK knows that it can fetch the automation there is.
STATUS_OF_CODE = {"automation_exists": 409}
# What a request names has no address of its own.
NOT_THERE = "What this request is about does not exist, or is not shared with you."
FAULT = "Waymark could not do this. The operator finds the reason in its log."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    query: str
    variables: dict[str, Any]
    operation_name: str | None


@csrf_exempt  # No cookie is looked at here: the key is in a header a foreign page cannot send.
@login_not_required
def graphql(request: HttpRequest) -> JsonResponse:
    if request.method != "POST":
        return _errors(400, "Send GraphQL by POST.")
    try:
        user = user_of_request(request)
    except Error as error:
        if refusal_of(error) is None:
            raise
        log.error("graphql_fault", exc_info=error)
        return _errors(503, FAULT)
    if user is None:
        return _errors(
            401, "This API key is unknown, expired or revoked. Make a new one on this server."
        )
    try:
        asked = _read(request)
    except ValueError as error:
        return _errors(400, str(error))
    document = plan(asked.query)
    if isinstance(document, tuple):
        return _errors(400, *(error.message for error in document))
    return _execute(Context(request, user), document, asked)


def _read(request: HttpRequest) -> Asked:
    """ValueError with a sentence for whatever is no GraphQL request."""
    raw = request.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise ValueError("A request has at most 16 MB.")
    try:
        text = raw.decode()
        body = json.loads(text)
        has_escapes = "\\u" in text
        if has_escapes:
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError("The request is not JSON.") from error
    if has_escapes and NUL_IN_JSON.search(text):
        body = _without_nul(body)
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise ValueError("The request has no query.")
    variables = {} if body.get("variables") is None else body["variables"]
    name = body.get("operationName") or None
    if not isinstance(variables, dict) or not isinstance(name, str | None):
        raise ValueError("Variables are an object, the operation name is text.")
    return Asked(body["query"], variables, name)


def _without_nul(body: Any) -> Any:
    """What a script says of its run, with U+FFFD where it has NUL; ValueError for all else, and
    for NUL in what finds the run. A script sends the same again until its end, and nobody is told.
    """
    said = body.get("variables") if isinstance(body, dict) else None
    if isinstance(said, dict) and said.get("name") and "upsertBucket" in str(body.get("query")):
        body = body | {
            "variables": {
                key: value if key in WHERE_A_RUN_IS else json.loads(without_nul(json.dumps(value)))
                for key, value in said.items()
            }
        }
    if NUL_IN_JSON.search(json.dumps(body)):
        raise ValueError("A request contains no NUL character.")
    return body


def _execute(context: Context, document: Document, asked: Asked) -> JsonResponse:
    result = document.execute(context, asked.variables, asked.operation_name)
    if not result.errors:
        return JsonResponse({"data": result.data})
    return _refusal(result)


def _refusal(result: ExecutionResult) -> JsonResponse:
    """Sentences without a path, which the SDK would put before them."""
    errors = result.errors or []
    status, messages = 200, []
    for error in errors:
        original = error.original_error
        if isinstance(original, RegistryError):
            status = max(status, _status_of(original))
            messages.append(_sentence(original))
        elif original is None or isinstance(original, GraphQLError):
            status = max(status, 400 if result.data is None else 200)
            messages.append(error.message)
        else:
            # After what may pass another attempt may go well, and the SDK makes it by itself.
            status = max(status, 503 if refusal_of(original) else 422)
            log.error("graphql_fault", path=error.path, exc_info=original)
            messages.append(FAULT)
    response = _errors(status, *messages)
    if result.data is not None and status == 200:
        response = JsonResponse({"data": result.data, "errors": [{"message": messages[0]}]})
    return response


def _sentence(refusal: RegistryError) -> str:
    return NOT_THERE if refusal.sentence == NOTHING_HERE else refusal.sentence


def _status_of(refusal: RegistryError) -> int:
    usual = STATUS.get(refusal.status, refusal.status)
    return STATUS_OF_CODE.get(refusal.code, usual)


def _errors(status: int, *messages: str) -> JsonResponse:
    return JsonResponse({"errors": [{"message": message} for message in messages]}, status=status)
