"""Files by the addresses the SDK builds itself: the key in the header, the way in the address."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from tests.wandb_api.asking import artifact_id

MD5 = hashlib.md5(b"as published", usedforsecurity=False).hexdigest()


def address(version, *, md5: str = MD5, name: str = "zoo.csv", artifact: str = "", **others: str):
    collection = version.collection
    parts = {
        "entity": collection.project.entity.name,
        "project": collection.project.name,
        "collection": collection.name,
    } | others
    identifier = artifact or artifact_id(version.artifact)
    way = "{entity}/{project}/{collection}".format(**parts)
    return f"/artifactsV2/default/{way}/{identifier}/{identifier}/{md5}/{name}"


def get(ask, user, path: str, **options):
    return Client().get(path, headers=ask.headers(user) if user else {}, **options)


def test_a_reader_is_led_to_the_bytes(ask, viewer, version):
    answer = get(ask, viewer, address(version))
    assert answer.status_code == 302
    content = Client().get(answer["Location"])
    assert b"".join(content.streaming_content) == b"as published"


def test_who_comes_is_judged_by_the_way_in_the_address(ask, personas, version, source):
    through_link = {
        name: get(ask, user, address(version)).status_code for name, user in personas.items()
    }
    through_source = {
        name: get(ask, user, address(source)).status_code for name, user in personas.items()
    }
    writers = dict.fromkeys(("org_admin", "admin", "member", "service_account"), 302)
    nobody = dict.fromkeys(("removed_member", "other_admin", "outsider"), 404)
    assert through_link == {
        **writers,
        **dict.fromkeys(("viewer", "org_viewer", "guest"), 302),
        "restricted_viewer": 403,
        **nobody,
    }
    closed = ("viewer", "org_viewer", "guest", "restricted_viewer")
    assert through_source == {**writers, **dict.fromkeys(closed, 404), **nobody}


def test_without_a_key_nothing_is_told(version):
    assert Client().get(address(version)).status_code == 401


@pytest.mark.parametrize(
    "others",
    [
        {"md5": "0" * 32},
        {"md5": "x"},
        {"md5": "é"},
        {"artifact": "x"},
        {"artifact": "QXJ0aWZhY3Q6OTk5OTk5"},
        {"entity": "nobody"},
        {"project": "nothing"},
        {"project": "wandb-registry-Dataset"},
        {"collection": "Other"},
    ],
)
def test_what_is_not_there_is_not_found(ask, member, version, others):
    assert get(ask, member, address(version, **others)).status_code == 404


def test_an_artifact_is_not_reached_through_a_collection_it_is_not_in(
    ask, viewer, version, second_source
):
    """second_source is only in the project, which the viewer does not see."""
    foreign = artifact_id(second_source.artifact)
    md5 = hashlib.md5(b"cleaned", usedforsecurity=False).hexdigest()
    assert get(ask, viewer, address(version, artifact=foreign, md5=md5)).status_code == 404
