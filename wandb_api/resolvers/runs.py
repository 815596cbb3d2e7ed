"""Runs: made, changed, and places for the files they keep of themselves."""
# ruff: noqa: A002 the protocol's name is input

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from django.db import transaction

from accounts.errors import Invalid, NotFound
from artifacts.history import read_line
from artifacts.models import Run, RunFile
from artifacts.names import LONGEST_DESCRIPTION, LONGEST_NAME
from artifacts.operations.projects import project_for_use
from artifacts.operations.runs import (
    delete_run_files,
    expect_run_file,
    give_run_up,
    upsert_run,
)
from artifacts.run_names import new_run_name, tags_to_keep
from artifacts.signing import sign_run_upload
from registries.operations.runs import delete_run
from wandb_api.context import Context, Info, shares_run
from wandb_api.identifiers import decode, encode, unknown
from wandb_api.resolvers.found import (
    Input,
    json_object,
    project_named,
    quoted,
    writable_entity,
)
from wandb_api.types.files import require_few
from wandb_api.types.runs import RunType

DEFAULT_PROJECT = "uncategorized"
# The program of which `wandb sync` tells: itself.
SYNCHRONIZES = re.compile(r"(^|[/\\])wandb(\.exe)?$|^-m wandb\b")
KEPT: dict[str, Callable[[Any], Any]] = {
    "notes": itemgetter(slice(LONGEST_DESCRIPTION)),
    "group": itemgetter(slice(LONGEST_NAME)),
    "job_type": itemgetter(slice(LONGEST_NAME)),
    "tags": tags_to_keep,
}


@transaction.atomic
def upsert_bucket(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """A project is made by the first run, and not by one that is refused."""
    context = info.context
    config = json_object(input.get("config"), "config", read_line)
    # Later requests of a script have both: the public API alone tells people what is refused.
    is_told = bool(input.get("id")) and not input.get("name")
    if input.get("id"):
        run = _run_with_id(context, input["id"])
        project, name = run.project, run.name
    else:
        entity = writable_entity(context, input.get("entityName"))
        _refuse_branch(config)
        project = project_for_use(context.by, entity, input.get("modelName") or DEFAULT_PROJECT)
        name = input.get("name") or new_run_name()
    run, is_new = upsert_run(
        context.by,
        project,
        name,
        display_name=input.get("displayName"),
        config=config,
        summary=json_object(input.get("summaryMetrics"), "summary", read_line),
        state=_state(context, input),
        is_told=is_told,
        **(_said(input) if is_told else _kept_of(_said(input))),
        begins=_starts(context, input) and not input.get("id"),
    )
    return {"bucket": RunType(run), "inserted": is_new}


def rewind_run(_: Any, info: Info, input: Input) -> dict[str, Any]:
    """What `resume_from` asks first."""
    raise _no_branches()


def create_run_files(_: Any, info: Info, input: Input) -> dict[str, Any]:
    context = info.context
    project = project_named(context, input["entityName"], input["projectName"])
    run = Run.objects.filter(project=project, name=input["runName"]).first()
    if run is None:
        raise NotFound.of(f"run {quoted(input['runName'])}")
    return {
        "runID": encode("Run", run.pk),
        "uploadHeaders": [],
        "files": _places(context, run, input["files"]),
    }


def mark_files_uploaded(_: Any, info: Info, input: Input) -> dict[str, bool]:
    """The bytes themselves told us; the caller must see the project all the same."""
    project_named(info.context, input["entityName"], input["projectName"])
    return {"success": True}


def delete_files(_: Any, info: Info, input: Input) -> dict[str, bool]:
    """`File.delete` of a file of a run. `projectId` says nothing that the files do not."""
    require_few(input["files"])
    wanted = {decode("RunFile", identifier) for identifier in input["files"]}
    kept = RunFile.objects.filter(pk__in=wanted).select_related("run__project__entity")
    seen = [file for file in kept if info.context.sees(file.run.project)]
    if len(seen) < len(wanted):
        raise NotFound.of("file with this id")
    delete_run_files(info.context.by, seen)
    return {"success": True}


def end_of_run(_: Any, info: Info, input: Input) -> dict[str, Any]:
    run = _run_with_id(info.context, input["id"])
    delete_run(info.context.by, run, with_artifacts=bool(input.get("deleteArtifacts")))
    return {"clientMutationId": input.get("clientMutationId")}


def update_run_state(_: Any, info: Info, input: Input) -> dict[str, bool]:
    run = _run_with_id(info.context, input["id"])
    if input["state"] != Run.State.FAILED:
        raise Invalid("run_state", "Of a run that is running it can be said that it failed.")
    give_run_up(info.context.by, run)
    return {"success": True}


def _places(context: Context, run: Run, names: list[str]) -> list[dict[str, str | None]]:
    """One for each name, with no address where it cannot be kept.

    A script sends all its files in one request, where a refusal would reach nobody and cost it the
    others. Where nothing can be kept, as of a single file sent by itself, it is told.
    """
    places: list[dict[str, str | None]] = []
    refusals: list[Invalid] = []
    for name in names:
        address = None
        try:
            slot = expect_run_file(context.by, run, name)
            address = context.address("run-upload", sign_run_upload(slot.pk))
        except Invalid as refusal:
            refusals.append(refusal)
        places.append({"name": name, "uploadUrl": address})
    if refusals and len(refusals) == len(names):
        raise refusals[0]
    return places


def _run_with_id(context: Context, identifier: str) -> Run:
    run = Run.objects.filter(pk=decode("Run", identifier)).select_related("project__entity").first()
    if run is None or not context.sees(run.project):
        raise unknown("Run")
    return run


def _said(input: Input) -> dict[str, Any]:
    """What people read of a run."""
    return {
        "notes": input.get("notes"),
        "group": input.get("groupName"),
        "job_type": input.get("jobType"),
        "tags": input.get("tags"),
    }


def _kept_of(said: dict[str, Any]) -> dict[str, Any]:
    """What can be kept of it. A script goes on when one of these is refused, and what began offline
    could not be synchronized ever: the file says the same each time.
    """
    return {what: None if one is None else KEPT[what](one) for what, one in said.items()}


def _starts(context: Context, input: Input) -> bool:
    """Whether a script begins to report, which alone tells of the machine and the program: a run of
    its own, or one that it resumes, whose id it names. One of several that share a run joins the
    others. `wandb sync` may bring the next of several files of one run, and older releases do not
    tell.
    """
    program = input.get("jobProgram") or ""
    is_first = bool(input.get("host") or program) and not SYNCHRONIZES.search(program)
    return is_first and not shares_run(context.request)


def _state(context: Context, input: Input) -> str | None:
    """As told; a run that had ended runs again once it is resumed. None for what it is in."""
    if input.get("id") and _starts(context, input):
        return Run.State.RUNNING
    return input.get("state") if input.get("state") in Run.State.values else None


def _refuse_branch(config: dict[str, Any] | None) -> None:
    """`fork_from` and `resume_from` stand in what the SDK notes beside the configuration."""
    noted = (config or {}).get("_wandb")
    value = noted.get("value") if isinstance(noted, dict) else None
    if isinstance(value, dict) and value.get("branch_point"):
        raise _no_branches()


def _no_branches() -> Invalid:
    return Invalid(
        "no_branches",
        "This server lets no run begin in the history of another, so fork_from and resume_from "
        "are not supported. Start a new run, or go on with one by resume.",
    )


FIELDS = {
    "upsertBucket": upsert_bucket,
    "rewindRun": rewind_run,
    "createRunFiles": create_run_files,
    "markRunFilesUploaded": mark_files_uploaded,
    "deleteFiles": delete_files,
    "deleteRun": end_of_run,
    "updateRunState": update_run_state,
}
