"""Uploading a version: a plain form in one request, and the steps the script takes instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.database_faults import refusal_of
from accounts.errors import Full, Invalid, RegistryError
from artifacts import growing_files
from artifacts.long_transfers import body_of
from artifacts.operations.storage_use import require_room
from artifacts.operations.uploads import abandon, expected_file, receive_expected
from registries.forms.metadata import read_metadata
from registries.forms.typed import TypedForm, lines, plain
from registries.names import valid_collection_name
from registries.operations.sources import log_version
from registries.operations.uploads import (
    begin_upload,
    finish_upload,
    finished_before,
    upload_of,
)
from registries.operations.versions import LinkOutcome
from registries.queries.projects import sequences_of, type_of
from registries.roles import Right
from registries.views.answers import announce, answer, go
from registries.views.places import Answer, HomePlace, caller, in_home
from registries.views.upload_handlers import FilesAsNamed, StreamedFile, Unmeasured

log = structlog.get_logger(__name__)

FIELDS = ("name", "type", "aliases", "description", "metadata")
BESIDE = {"alias": "aliases", "path": "files"}
# 10,000 paths as long as may be, in plain letters, and what is typed beside them.
LARGEST_LIST = 16_000_000
SIGNED_OUT = {
    "code": "signed_out",
    "field": None,
    "sentence": "You are signed out. Sign in in another tab, then go on here.",
}


@csrf_exempt  # Checked below, once it is known that the body may be read at all.
@require_http_methods(["GET", "HEAD", "POST"])
@in_home
def upload(request: HttpRequest, place: HomePlace) -> HttpResponse:
    """The right and the room are judged before the first byte of a file is read."""
    place.access.require(Right.LINK)
    if request.method == "POST":
        require_room(place.home.entity, _length(request))
        request.upload_handlers = [FilesAsNamed(request)]
    try:
        return csrf_protect(_upload)(request, place)
    except (RequestDataTooBig, TooManyFilesSent) as error:
        refusal = _too_much(error)
        form = TypedForm.refused(refusal, dict.fromkeys((*FIELDS, "files"), ""))
        return _show(request, place, form, refusal.status)


def _too_much(error: Exception) -> Invalid:
    """Of what is sent nothing was read, so the form comes back empty."""
    if isinstance(error, TooManyFilesSent):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,}"
        sentence = f"Choose at most {most} files: a browser without script sends no more at once."
        return Invalid("too_many_files", sentence, field="files")
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6
    return Invalid("form_size", f"What is typed may have at most {megabytes:.1f} MB in all.")


def _upload(request: HttpRequest, place: HomePlace) -> HttpResponse:
    if request.method != "POST":
        chosen = {name: request.GET.get(name, "") for name in ("name", "type")}
        rest = dict.fromkeys(("aliases", "description", "metadata"), "")
        return _show(request, place, TypedForm.of(**chosen, **rest))
    typed = {name: plain(request.POST.get(name, "")) for name in FIELDS}
    name = typed["name"].strip()
    try:
        outcome = log_version(
            caller(request),
            place.home,
            name,
            typed["type"].strip() or type_of(place.home, name),
            cast("Any", _files(request)),
            aliases=lines(typed["aliases"]),
            description=typed["description"] or None,
            metadata=read_metadata(typed["metadata"]),
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, {**typed, "files": ""}, BESIDE)
        return _show(request, place, form, refusal.status)
    announce(request, _said(outcome))
    return go(request, _address(place, outcome))


def _files(request: HttpRequest) -> dict[str, StreamedFile]:
    """By name. The form knows no folders, so two files of one name cannot be told apart."""
    files: dict[str, StreamedFile] = {}
    for file in cast("list[StreamedFile]", request.FILES.getlist("files")):
        name = file.given_name
        if name in files:
            raise Invalid("file_twice", f"Two of the files are called “{name}”.", field="files")
        files[name] = file
    if not files:
        raise Invalid("no_files", "Choose at least one file.", field="files")
    return files


def _show(
    request: HttpRequest, place: HomePlace, form: TypedForm, status: int = 200
) -> HttpResponse:
    context = {
        "place": place,
        "form": form,
        "sequences": sequences_of(place.home),
        "current_page": place.section,
    }
    return answer(request, "upload/upload.html", context, status)


def step(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """What the script asks for, answered in JSON; so is what is refused. Whoever has signed out
    meanwhile is told so: a way to the sign-in page is nothing a script could follow."""

    def answer_json(request: HttpRequest, place: HomePlace, /, **kwargs: Any) -> Answer:
        try:
            place.access.require(Right.LINK)
            return view(request, place, **kwargs)
        except RegistryError as refusal:
            return _refused(refusal)
        except OperationalError as error:
            full = refusal_of(error)
            if not isinstance(full, Full):
                raise  # The script tries again after what may pass.
            log.error("disk_full", exc_info=error)
            return _refused(full)

    judged = in_home(answer_json)

    @login_not_required
    def signed_in(request: HttpRequest, **kwargs: Any) -> Answer:
        if not request.user.is_authenticated:
            return JsonResponse(SIGNED_OUT, status=401)
        return judged(request, **kwargs)

    return signed_in


def _refused(refusal: RegistryError) -> JsonResponse:
    said = {"sentence": refusal.sentence, "field": refusal.field, "code": refusal.code}
    return JsonResponse(said, status=refusal.status)


@require_POST
@step
def begin(request: HttpRequest, place: HomePlace) -> HttpResponse:
    asked = _read(request)
    name = valid_collection_name(_text(asked, "name").strip())
    artifact, files = begin_upload(
        caller(request),
        place.home,
        name,
        _text(asked, "type").strip() or type_of(place.home, name),
        _sizes(asked),
        aliases=lines(_text(asked, "aliases")),
        description=plain(_text(asked, "description")) or None,
        metadata=read_metadata(_text(asked, "metadata")),
    )
    by_path = {file.path: file.pk for file in files}
    return JsonResponse(
        {
            "files": {
                path: _below(place, "upload-file", artifact.pk, key)
                for path, key in by_path.items()
            },
            "finish": _below(place, "finish-upload", artifact.pk),
            "cancel": _below(place, "cancel-upload", artifact.pk),
        },
        status=201,
    )


@require_http_methods(["GET", "PUT"])
@step
def upload_file(request: HttpRequest, place: HomePlace, upload: int, file: int) -> HttpResponse:
    """GET tells how much has come; PUT brings the rest from `offset` on."""
    by = caller(request)
    expected = expected_file(by, upload_of(by, place.home, upload), file)
    if request.method == "PUT":
        offset = request.GET.get("offset", "0")
        coming = body_of(request, _length(request))
        given = int(offset) if offset.isdecimal() and len(offset) < 16 else -1
        expected = receive_expected(by, expected, coming, offset=given)
    whole = expected.stored_file_id is not None
    return JsonResponse(
        {"size": expected.size if whole else growing_files.grown_to(expected.pk), "whole": whole}
    )


@require_POST
@step
def finish(request: HttpRequest, place: HomePlace, upload: int) -> HttpResponse:
    by = caller(request)
    outcome = finished_before(by, place.home, upload)
    if outcome is None:
        outcome = finish_upload(by, upload_of(by, place.home, upload))
    announce(request, _said(outcome))
    return JsonResponse({"address": _address(place, outcome)})


@require_POST
@step
def cancel(request: HttpRequest, place: HomePlace, upload: int) -> HttpResponse:
    by = caller(request)
    abandon(by, upload_of(by, place.home, upload))
    return JsonResponse({})


def _below(place: HomePlace, name: str, *rest: int) -> str:
    return reverse(name, args=[place.owner_name, place.name, *rest])


def _address(place: HomePlace, outcome: LinkOutcome) -> str:
    version = outcome.version
    return place.address("version", version.collection.name, version.number)


def _said(outcome: LinkOutcome) -> str:
    label = outcome.version.label
    return f"Uploaded as {label}." if outcome.is_new else f"{label} has this content already."


def _length(request: HttpRequest) -> int:
    """Without one nobody could tell a lost connection from the end."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or "Transfer-Encoding" in request.headers:
        raise Unmeasured
    return int(length)


def _read(request: HttpRequest) -> dict[str, Any]:
    raw = request.read(LARGEST_LIST + 1)
    if len(raw) > LARGEST_LIST:
        most = f"{LARGEST_LIST // 1_000_000} MB"
        raise Invalid("list_size", f"The names of the files have more than {most}.", field="files")
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Invalid("body", "This request cannot be read.") from error
    if not isinstance(asked, dict):
        raise Invalid("body", "This request cannot be read.")
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    text = asked.get(name, "")
    if not isinstance(text, str):
        raise Invalid("body", "This request cannot be read.", field=name)
    return text


def _sizes(asked: dict[str, Any]) -> dict[str, int]:
    files = asked.get("files")
    if not isinstance(files, list) or not all(map(_is_file, files)):
        raise Invalid("body", "This request cannot be read.", field="files")
    sizes = {file["path"]: file["size"] for file in files}
    if len(sizes) != len(files):
        raise Invalid("file_twice", "Two of the files have the same name.", field="files")
    return sizes


def _is_file(given: Any) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("path"), str)
        and type(given.get("size")) is int
    )
