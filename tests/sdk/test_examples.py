"""What users of such a registry type first: both examples, as programs of their own."""

from __future__ import annotations

import pytest
from django.test import Client

from artifacts.models import Artifact, Run
from registries.models import Version
from tests.sdk.examples import BYTES, FIRST, SECOND
from tests.sdk.process import PYTHON
from tests.things import aliases_of, history


@pytest.fixture
def tensors(script, tmp_path):
    """The files both examples take."""
    for name, content in BYTES.items():
        (tmp_path / "work" / name).write_bytes(content)


def test_the_first_example_runs_as_it_is_and_its_version_stands_in_the_browser(
    script, sdk, tensors, member, registry
):
    finished = script([PYTHON, "-c", FIRST], by=member)
    assert finished.returncode == 0, finished.stderr
    version = Version.objects.get(collection__project=registry.project)
    assert str(version) == "Zoo_Classifier_Models:v0"
    assert aliases_of(version.collection) == {
        "latest": "v0",
        "production-us": "v0",
        "production-eu": "v0",
    }
    run = Run.objects.get()
    assert (run.project.name, run.state, run.created_by) == ("zoo_experiment", "finished", member)
    assert version.artifact.run == run
    answer = sdk(
        """
found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:production-us")
folder = Path(found.download("came back"))
answer["files"] = {path.name: path.read_bytes().hex() for path in folder.iterdir()}
""",
        member=member,
    )
    assert {name: bytes.fromhex(text) for name, text in answer["files"].items()} == {
        "zoo_dataset": BYTES["zoo_dataset.pt"],
        "zoo_labels": BYTES["zoo_labels.pt"],
    }
    client = Client()
    client.force_login(member)
    page = client.get(
        "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v0"
    ).content.decode()
    for shown in ("production-us", "production-eu", "zoo_dataset", "zoo_labels", "zoo_experiment"):
        assert shown in page
    assert history() == [
        "registry.created",
        "registry.created",
        "member.role_set",
        "collection.created",
        "version.linked",
        "alias.added",
        "collection.created",
        "version.linked",
        "alias.added",
        "alias.added",
        "alias.added",
    ]


def test_the_example_a_second_time_makes_no_second_version(script, tensors, member, registry):
    for _ in range(2):
        assert script([PYTHON, "-c", FIRST], by=member).returncode == 0
    assert Artifact.objects.count() == 1
    assert Version.objects.filter(collection__project=registry.project).count() == 1
    assert Run.objects.count() == 2


def test_the_second_example_runs_as_it_is(script, tensors, member, registry):
    finished = script([PYTHON, "-c", SECOND], by=member)
    assert finished.returncode == 0, finished.stderr
    version = Version.objects.get(collection__project=registry.project)
    assert aliases_of(version.collection) == {"latest": "v0", "candidate": "v0", "best": "v0"}
    assert version.artifact.type == "model"


def test_a_key_nobody_has_ends_the_script_at_once(script, tensors, member, registry, traffic):
    finished = script([PYTHON, "-c", FIRST], by=member, WANDB_API_KEY="0" * 40)
    assert finished.returncode != 0
    assert "This API key is unknown, expired or revoked." in finished.stdout + finished.stderr
    assert not Run.objects.exists()
    assert len(traffic.operations) <= 2
