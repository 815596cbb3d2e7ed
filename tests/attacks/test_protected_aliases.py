"""A Member wants a protected alias, by every way in at once. Each request is refused whole."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts.callers import Way
from accounts.errors import Invalid, NotAllowed, RegistryError
from registries.models import Alias
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.collections import delete_collection
from registries.operations.edits import edit_version
from registries.operations.registries import delete_registry
from registries.operations.sources import delete_sequence, delete_source
from registries.operations.versions import link_version, unlink_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from wandb_api.identifiers import encode

PLACE = {"organization": "smle-reg", "registry": "Model", "collection": "Zoo_Classifier_Models"}
UNSEEN = ("production\ufe0f", "pro\u034fduction", "\u3164production", "production\u2800")
LOOK_ALIKES = ("Production", "ｐroduction", "PRODUCTION", "pro𝐝uction", *UNSEEN)


@pytest.fixture
def browser(member) -> Client:
    client = Client()
    client.force_login(member)
    client.get("/orgs/smle-reg/")  # notes in the session where the member looked last
    return client


@pytest.mark.parametrize("part", ["", "version-aliases"])
@pytest.mark.parametrize(
    ("page", "number", "body"),
    [
        ("add-aliases", 1, {"alias": "production"}),
        ("add-aliases", 1, {"alias": ["fine", "production"]}),
        ("remove-aliases", 0, {"alias": "production"}),
        ("unlink-version", 0, {}),
        ("version-description", 0, {"description": "taken over"}),
        ("version-metadata", 0, {"metadata": '{"taken": 1}'}),
        ("version-tags", 0, {"name": "taken"}),
    ],
)
def test_no_page_and_no_part_of_one_lets_a_member_through(
    browser, protected_version, second_version, page, number, body, part
):
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    with nothing_changes():
        answer = browser.post(
            reverse(page, kwargs=PLACE | {"number": number}), body, headers=headers
        )
    assert answer.status_code == 403


def test_a_whole_collection_registry_or_source_is_no_way_around(
    member, org_admin, registry, protected_version, source, project
):
    by = caller_of(member)
    for end in (
        lambda: delete_collection(by, protected_version.collection),
        lambda: delete_registry(by, registry),
        lambda: delete_source(by, source),
        lambda: delete_source(by, source, delete_aliases=True),
        lambda: delete_sequence(by, source.collection, delete_aliases=True),
        lambda: unlink_version(by, protected_version),
        lambda: delete_source(caller_of(org_admin), source, delete_aliases=True),
    ):
        with refused(NotAllowed):
            end()


@pytest.mark.parametrize("way", [Way.WEB, Way.SDK])
def test_neither_a_link_nor_a_save_nor_the_sources_own_path_gets_one(
    member, registry, protected_version, second_source, source, way
):
    by = caller_of(member, way)
    home = registry.project
    for change in (
        lambda: link_version(by, second_source.artifact, home, "New", ["fine", "production"]),
        lambda: link_version(by, source.artifact, home, PLACE["collection"], ["production"]),
        lambda: add_aliases(by, protected_version, ["fine", "production"]),
        lambda: remove_aliases(by, protected_version, ["production"]),
        lambda: edit_version(by, source, description="taken over"),
        lambda: edit_version(by, source, metadata={"taken": "over"}),
        lambda: edit_version(by, protected_version, add_tags=["taken"]),
    ):
        with nothing_changes(), pytest.raises(NotAllowed):
            change()


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_no_look_alike_of_one_is_given(member, registry, protected_version, second_source, name):
    by = caller_of(member)
    for change in (
        lambda: add_aliases(by, protected_version, [name]),
        lambda: link_version(by, second_source.artifact, registry.project, "New", [name]),
    ):
        with nothing_changes(), pytest.raises((Invalid, NotAllowed)):
            change()


def test_the_whole_list_of_aliases_cannot_be_replaced_around_one(
    member, protected_version, second_version, ask
):
    """What `artifact.aliases = [...]` sends: one removal and one addition, each judged."""
    query = """mutation($artifact: ID!, $aliases: [ArtifactCollectionAliasInput!]!) {
        deleteAliases(input: {artifactID: $artifact, aliases: $aliases}) { success } }"""
    given = {"entityName": "smle-reg", "projectName": "wandb-registry-Model"}
    alias = given | {"artifactCollectionName": PLACE["collection"], "alias": "production"}
    before = list(Alias.objects.order_by("pk").values_list("name", "version_id"))
    answer = ask(
        member,
        query,
        artifact=encode("Artifact", protected_version.artifact_id),
        aliases=[alias],
    )
    assert "production" in answer.sentence
    assert list(Alias.objects.order_by("pk").values_list("name", "version_id")) == before


def test_the_rows_themselves_refuse_when_everything_else_has_failed(protected_version, source):
    for row in (protected_version, source.artifact, protected_version.collection):
        with pytest.raises((ProtectedError, IntegrityError, RegistryError)), transaction.atomic():
            row.delete()
