from __future__ import annotations

import pytest

from accounts.errors import Conflict
from artifacts.events import about_to_delete
from artifacts.models import Artifact
from artifacts.operations.artifacts import create_artifact, delete_artifacts, store_files
from tests.personas import caller_of
from tests.refusals import refused
from tests.things import files


@pytest.fixture
def listener():
    heard = []

    def receiver(artifacts, **_):
        heard.append([artifact.pk for artifact in artifacts])
        raise Conflict("in_use", "Something points at it.")

    about_to_delete.connect(receiver)
    yield heard
    about_to_delete.disconnect(receiver)


def test_whoever_points_at_a_content_is_asked_before_it_ends_and_can_refuse(
    project, member, listener
):
    artifact = create_artifact(caller_of(member), project, "dataset", store_files(files("a")))
    with refused(Conflict, "in_use"):
        delete_artifacts(caller_of(member), [artifact])
    assert listener == [[artifact.pk]]
    assert Artifact.objects.filter(pk=artifact.pk).exists()
