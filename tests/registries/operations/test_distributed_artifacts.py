"""One artifact that several calls, of one run or many, fill together."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from accounts.errors import Invalid
from artifacts.models import Artifact
from artifacts.operations.drafts import expect_manifest, receive_manifest
from artifacts.operations.runs import start_run
from registries.operations.drafts import announce_version, commit_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import aliases_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from registries.models import Version

    Upsert = Callable[..., Artifact]
    Finish = Callable[..., Version]


@pytest.fixture
def upsert(project, member) -> Upsert:
    """`upsert(path, name)`: a part with that one path, as the group `g` sends it by default."""

    def upserted(path: str, name: str = "shards", **more: Any) -> Artifact:
        content = {"distributed_id": "g", "client_id": f"{name} {path}", "tags": [], **more}
        run = content.get("run")
        type_name = content.pop("type_name", "dataset")
        artifact = announce_version(
            caller_of(member), project, name, type_name, path, deduplicate=True, **content
        )
        part = expect_manifest(
            caller_of(member),
            artifact,
            kind="PATCH",
            name="wandb_manifest.patch.json",
            run_name=run.name if run else "",
        )
        entry = {"digest": path, "size": 1, "ref": f"https://files/{path}"}
        text = json.dumps({"version": 1, "contents": {path: entry}}).encode()
        md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
        receive_manifest(part, io.BytesIO(text), size=len(text), md5=md5)
        return artifact

    return upserted


@pytest.fixture
def finish(upsert, member) -> Finish:
    def finished(path: str, name: str = "shards", **more: Any) -> Version:
        return commit_version(caller_of(member), upsert(path, name, **more)).version

    return finished


def paths(version: Version) -> list[str]:
    return sorted(version.artifact.entries.values_list("path", flat=True))


def test_all_that_one_run_upserts_is_in_the_version(upsert, finish, project, member):
    run = start_run(caller_of(member), project)
    upsert("one", run=run)
    upsert("two", run=run)
    assert paths(finish("three", run=run)) == ["one", "three", "two"]


def test_two_artifacts_of_one_group_stay_two(upsert, finish):
    upsert("t0", "train")
    upsert("e0", "eval")
    assert paths(finish("t1", "train")) == ["t0", "t1"]
    assert paths(finish("e1", "eval")) == ["e0", "e1"]


def test_after_the_end_the_same_group_begins_the_next_version(upsert, finish):
    upsert("a")
    first = finish("b", aliases=["epoch0"])
    upsert("a", client_id="again")
    second = finish("c", aliases=["epoch1"])
    assert (second.label, paths(second)) == ("v1", ["a", "c"])
    assert paths(first) == ["a", "b"]
    assert aliases_of(first.collection) == {"latest": "v1", "epoch0": "v0", "epoch1": "v1"}


def test_a_part_that_is_the_newest_version_by_itself_is_sent_all_the_same(upsert, finish):
    alone = finish("a")
    artifact = upsert("a", client_id="again")
    assert artifact.state == Artifact.State.PENDING
    assert artifact != alone.artifact


def test_what_the_last_call_says_counts_and_names_add_up(upsert, finish):
    upsert("a", aliases=["first"], tags=["one"], description="part", metadata={"part": 1})
    upsert("b", aliases=["first", "second"], description="more")
    version = finish("c", aliases=["final"], tags=["two"], metadata={"whole": True})
    artifact = version.artifact
    assert (artifact.description, artifact.metadata) == ("more", {"whole": True})
    assert sorted(artifact.tags.values_list("name", flat=True)) == ["one", "two"]
    assert set(aliases_of(version.collection)) == {"latest", "first", "second", "final"}


def test_every_run_of_the_group_has_it_among_its_outputs(upsert, finish, project, member):
    runs = [start_run(caller_of(member), project) for _ in range(2)]
    upsert("a", run=runs[0])
    version = finish("b", run=runs[1])
    assert version.artifact.run == runs[0]
    assert version.artifact.outputs.get().run == runs[1]


def test_a_call_that_comes_again_is_the_same_version(upsert, project, member):
    upsert("a")
    announced = upsert("b", aliases=["final"])
    made = commit_version(caller_of(member), announced).version
    with nothing_changes():
        for path in ("a", "b"):
            again = announce_version(
                caller_of(member),
                project,
                "shards",
                "dataset",
                path,
                aliases=["final"],
                client_id=f"shards {path}",
                distributed_id="g",
                tags=[],
            )
            assert again == made.artifact
        assert commit_version(caller_of(member), again).version == made


def test_a_part_of_another_type_is_refused_at_once(upsert):
    upsert("a")
    with refused(Invalid, "collection_type"):
        upsert("b", type_name="model")
