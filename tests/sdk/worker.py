"""The process in which the SDK lives. It knows nothing of Django and of these tests.

Takes jobs as JSON lines: code, what it is given, the folder it works in. Answers in lines too.
The functions here are what the code of a job can use besides `wandb`.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

import wandb
from wandb.sdk.artifacts import artifact_instance_cache as known
from wandb.sdk.lib.wbauth import unauthenticate_session


def texts(folder: str) -> dict[str, str]:
    """What was downloaded: relative path and content."""
    found = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def artifact(text: str, name: str = "zoo_dataset", type: str = "dataset", **options):  # noqa: A002
    """Not logged yet; one file, `zoo.csv`, that holds `text`."""
    made = wandb.Artifact(name, type=type, **options)
    with made.new_file("zoo.csv") as file:
        file.write(text)
    return made


def refusal(work, *arguments, **options) -> list[str]:
    """The name of the error a script gets, and its text; fails when there is none.

    The SDK often says in its own words what failed, and tells ours as the cause.
    """
    try:
        work(*arguments, **options)
    except Exception as error:  # noqa: BLE001 whatever the SDK makes of it
        return [type(error).__name__, "\n".join(dict.fromkeys(_told(error)))]
    raise AssertionError("this was not refused")


def _told(error: BaseException | None):
    while error is not None:
        yield str(error)
        error = error.__cause__


def _speak_with(key: str) -> None:
    """Releases before 0.30 do some of the work with the key of the environment, or else with that
    of whoever signed in first, who may be somebody of another test.
    """
    if hasattr(wandb.api, "_api"):
        unauthenticate_session(update_settings=False)
        wandb.api._api = None
        os.environ["WANDB_API_KEY"] = key


def _tools(given: dict) -> dict:
    keys = given.pop("keys")
    for key in list(keys.values())[:1]:
        _speak_with(key)

    def api(who: str, **options) -> wandb.Api:
        """The public API of one person."""
        _speak_with(keys[who])
        return wandb.Api(api_key=keys[who], **options)

    def started(who: str, **options) -> wandb.Run:
        """A run of one person, in the project of the team unless another is named."""
        _speak_with(keys[who])
        settings = wandb.Settings(api_key=keys[who])
        place = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
        return wandb.init(**(place | options), settings=settings)

    return {
        "answer": {},
        "api": api,
        "artifact": artifact,
        "given": given,
        "Path": Path,
        "refusal": refusal,
        "started": started,
        "texts": texts,
        "wandb": wandb,
    }


def _done(job: dict) -> dict:
    folder = Path(job["folder"])
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    # What is kept from another test would hide what this server answers.
    os.environ["WANDB_CACHE_DIR"] = str(folder / "cache")
    known.artifact_instance_cache.clear()
    known.artifact_instance_cache_by_client_id.clear()
    tools = _tools(job["given"])
    try:
        exec(compile(job["code"], "<script>", "exec"), tools)
    except BaseException:  # noqa: BLE001 told to the test
        return {"error": traceback.format_exc()}
    finally:
        if wandb.run is not None:
            wandb.run.finish()
    return {"answer": tools["answer"]}


def main() -> None:
    # What scripts and the SDK print goes to standard error, so that answers stand alone.
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            print(json.dumps(_done(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
