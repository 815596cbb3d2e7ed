"""What makes no sense is refused at once, with a sentence, and has changed nothing."""

from __future__ import annotations

import pytest

from artifacts.models import Artifact
from registries.models import Collection, Version
from tests.sdk.state import unchanged
from tests.things import aliases_of

# Names as a script may build them by mistake.
NAMES = {
    "empty": "",
    "slash": "a/b",
    "colon": "a:b",
    "dots": "..",
    "spaces": " a ",
    "long": "x" * 200,
    "nul": "a\0b",
    "line": "a\nb",
    "number": 5,
    "none": None,
}
BEFORE = """
seen = api("admin")
MODEL, SOURCE = "smle-reg/wandb-registry-Model/Zoo", "smle-reg-team-2/zoo_experiment/zoo_dataset"
def changed(path, column, name, of="artifact"):
    found = seen.artifact(path) if of == "artifact" else seen.artifact_collection("dataset", path)
    getattr(found, column).append(name) if column in ("aliases", "tags") else setattr(
        found, column, name
    )
    found.save()
"""
CALLS = {
    "link to a collection": """
if name == 5: raise TypeError("the package writes it into the path")
seen.artifact(f"{SOURCE}:latest").link(f"wandb-registry-Model/{name or '..'}", aliases=["x"])""",
    "link with an alias": """
seen.artifact(f"{SOURCE}:latest").link("wandb-registry-Model/Zoo", aliases=["good", name])""",
    "alias of a link": 'changed(f"{MODEL}:latest", "aliases", name)',
    "alias of a source": 'changed(f"{SOURCE}:latest", "aliases", name)',
    "tag of a version": 'changed(f"{SOURCE}:latest", "tags", name)',
    "name of a collection": 'changed(MODEL, "name", name, of="collection")',
    "tag of a collection": 'changed(MODEL, "tags", name, of="collection")',
    "a new registry": """
if name in (None, 5): raise TypeError("the package takes any object here")
seen.create_registry(name, visibility="organization", organization="smle-reg")""",
    "types of a registry": """
seen.create_registry(
    "New", visibility="organization", organization="smle-reg", artifact_types=["fine", name]
)""",
    "a new project": 'seen.create_project(name, "smle-reg-team-2")',
    "a new run": """
if not name: raise ValueError("the package makes an id of its own")
seen.create_run(run_id=name, project="zoo_experiment", entity="smle-reg-team-2")""",
    "an artifact": 'seen.artifact(f"{SOURCE}:{name or 7}")',
    "a collection": 'seen.artifact_collection("dataset", f"{SOURCE}-{name}")',
    "a run of it": 'seen.run(f"smle-reg-team-2/zoo_experiment/{name or 7}")',
    "a member": 'seen.registry("Model", "smle-reg").add_members(name)',
}
# Ours are the first and the last; the others are the package's own.
ERRORS = {
    "CommError",
    "AttributeError",
    "Error",
    "TypeError",
    "UnicodeDecodeError",
    "ValidationError",
    "ValueError",
    "WandbApiFailedError",
}


@pytest.mark.parametrize("call", CALLS)
def test_a_name_that_makes_no_sense_changes_nothing(sdk, admin, version, call):
    with unchanged():
        answer = sdk(
            """
import time
def tried(name):
    exec(compile(given["call"], "<call>", "exec"), globals() | {"name": name})
for what, name in given["names"].items():
    began = time.monotonic()
    answer[what] = [*refusal(tried, name), time.monotonic() - began]
""",
            before=BEFORE,
            admin=admin,
            call=CALLS[call],
            names=NAMES,
        )
    for what, (name, told, seconds) in answer.items():
        assert name in ERRORS, what
        assert len(told) > 5, what
        assert "500" not in told
        # What the package asks again it gives up after twenty seconds.
        assert seconds < 20, what


@pytest.mark.parametrize("what", NAMES)
def test_nothing_is_logged_under_a_name_or_alias_that_makes_no_sense(sdk, member, registry, what):
    answer = sdk(
        """
name = given["name"]
def log(made, **options):
    run.log_artifact(made, **options).wait(timeout=60)
with started("member") as run:
    answer["alias"] = refusal(log, artifact("a"), aliases=["good", name])
    answer["tag"] = refusal(log, artifact("a"), tags=[name])
    answer["type"] = refusal(lambda: log(artifact("a", type=name)))
    answer["name"] = refusal(lambda: log(artifact("a", name=given["any"])))
""",
        member=member,
        name=NAMES[what],
        any=NAMES[what] if NAMES[what] is not None else "",
    )
    for name, told in answer.values():
        assert name in ERRORS
        assert len(told) > 5
    assert not Version.objects.exists()
    assert not Collection.objects.exists()
    assert not Artifact.objects.filter(state=Artifact.State.COMMITTED).exists()


def test_letters_of_any_language_are_a_name(sdk, member, registry):
    answer = sdk(
        """
name = "Größe-日本語-🦁"
with started("member") as run:
    logged = run.log_artifact(artifact("a"), aliases=[name]).wait()
    linked = run.link_artifact(logged, f"wandb-registry-Model/{name}", aliases=[name])
found = api("member").artifact(f"smle-reg/wandb-registry-Model/{name}:{name}")
answer["name"], answer["aliases"] = found.source_name, sorted(found.aliases)
answer["text"] = texts(found.download("down"))
""",
        member=member,
    )
    assert answer == {
        "name": "zoo_dataset:v0",
        "aliases": ["Größe-日本語-🦁", "latest"],
        "text": {"zoo.csv": "a"},
    }
    (linked,) = Collection.objects.filter(kind=Collection.Kind.PORTFOLIO)
    assert aliases_of(linked) == {"latest": "v0", "Größe-日本語-🦁": "v0"}
