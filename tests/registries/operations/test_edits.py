"""Description, tags and metadata of a version; what a protected alias closes."""

from __future__ import annotations

import json

import pytest

from accounts.callers import OPERATOR, Way
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact
from registries.models import Event, Registry, Version
from registries.operations.aliases import remove_aliases
from registries.operations.edits import edit_version, protecting_registries
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.versions import unlink_version
from tests.personas import caller_of
from tests.refusals import nothing_changes, refused
from tests.things import link, put

EDITS = (
    {"description": "Changed"},
    {"metadata": {"rows": 1}},
    {"add_tags": ["changed"]},
    {"remove_tags": ["uci"]},
)


def tags_of(artifact):
    return sorted(artifact.tags.values_list("name", flat=True))


def test_every_link_and_the_source_show_the_same(version, source, registry, member):
    other = link(member, source.artifact, registry, name="Other")
    edit_version(
        caller_of(member), version, description="New", metadata={"rows": 3}, add_tags=["uci"]
    )
    for shown in (version, source, other):
        artifact = Artifact.objects.get(versions=shown.pk)
        assert (artifact.description, artifact.metadata) == ("New", {"rows": 3})
        assert tags_of(artifact) == ["uci"]


def test_what_really_changed_is_recorded_and_nothing_else(version, member):
    edit_version(caller_of(member), version, description="New", add_tags=["a", "b", "a"])
    edit_version(caller_of(member), version, add_tags=["b", "c"], remove_tags=["a", "x"])
    told = list(Event.objects.order_by("pk").values_list("kind", "tag", "number"))[-5:]
    assert told == [
        ("version.edited", "", 0),
        ("tag.added", "a", 0),
        ("tag.added", "b", 0),
        ("tag.added", "c", 0),
        ("tag.removed", "a", 0),
    ]
    edited = Event.objects.get(kind="version.edited")
    assert edited.details == {"changes": {"description": [None, "New"]}}


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, True), (False, 0), (2, 2.0), ([{"deep": 1}], [{"deep": True}])],
    ids=str,
)
def test_metadata_that_python_takes_for_the_same_is_a_change(version, member, before, after):
    edit_version(caller_of(member), version, metadata={"a": before})
    edit_version(caller_of(member), version, metadata={"a": after})
    kept = Artifact.objects.get(pk=version.artifact_id).metadata
    assert json.dumps(kept) == json.dumps({"a": after})
    assert Event.objects.filter(kind="version.edited").count() == 2


@pytest.mark.parametrize("number", [1e15, -1e22, 0.5])
def test_metadata_given_again_is_no_change_however_a_database_writes_its_numbers(
    version, member, number
):
    for _ in range(2):
        edit_version(caller_of(member), version, metadata={"b": 1, "a": [number]})
    assert Event.objects.filter(kind="version.edited").count() == 1
    kept = Artifact.objects.get(pk=version.artifact_id).metadata
    edit_version(caller_of(member), version, metadata=dict(reversed(kept.items())))
    assert Event.objects.filter(kind="version.edited").count() == 1


@pytest.mark.parametrize("description", [None, "", "Text"])
def test_null_and_empty_descriptions_are_kept_apart_and_null_means_unchanged(
    version, member, description
):
    edit_version(caller_of(member), version, description=description)
    edit_version(caller_of(member), version, description=None, metadata={"a": 1})
    assert Artifact.objects.get(pk=version.artifact_id).description == description


def test_a_bad_value_refuses_the_whole_edit(version, member, subtests):
    for edit, field in [
        ({"metadata": {"a": float("nan")}}, "metadata"),
        ({"metadata": {str(n): n for n in range(101)}}, "metadata"),
        ({"metadata": {"a": "\ud800"}}, "metadata"),
        ({"metadata": ["no object"]}, "metadata"),
        ({"description": "a\x00b"}, "description"),
        ({"add_tags": ["fine", "a:b"]}, "tag"),
        ({"add_tags": [f"t{n}" for n in range(21)]}, "tag"),
    ]:
        with subtests.test(edit=edit):
            with refused(Invalid) as refusal:
                edit_version(caller_of(member), version, **({"description": "New"} | edit))
            assert refusal.value.field == field


def test_viewers_change_nothing(version, viewer, org_viewer, restricted_viewer, outsider):
    for user in (viewer, org_viewer, restricted_viewer):
        with refused(NotAllowed):
            edit_version(caller_of(user), version, description="Mine")
    with refused(NotFound):
        edit_version(caller_of(outsider), version, description="Mine")


def test_an_edit_that_changes_nothing_is_accepted_from_anybody_who_sees_the_version(
    protected_version, viewer, restricted_viewer, member, outsider
):
    same = {"description": None, "metadata": {}, "add_tags": [], "remove_tags": ["not there"]}
    for user in (viewer, restricted_viewer, member):
        for way in (Way.WEB, Way.SDK):
            with nothing_changes():
                edit_version(caller_of(user, way), protected_version, **same)
    with refused(NotFound):
        edit_version(caller_of(outsider), protected_version, **same)


@pytest.mark.parametrize("edit", EDITS)
def test_nobody_but_admins_changes_a_protected_version_on_the_link_or_at_the_source(
    protected_version, source, admin, member, guest, edit
):
    edit_version(caller_of(admin), protected_version, add_tags=["uci"])
    for user, where in ((member, protected_version), (guest, protected_version), (member, source)):
        for way in Way:
            if user is guest and way == Way.SDK:
                continue
            with refused(NotAllowed, "protected_version") as refusal:
                edit_version(caller_of(user, way), where, **edit)
            assert "protected alias in Model" in refusal.value.sentence
    edit_version(caller_of(admin), source, **edit)


def test_a_link_elsewhere_is_no_way_around(protected_version, source, member, org_admin, project):
    dataset = Registry.objects.get(name="Dataset")
    elsewhere = link(org_admin, source.artifact, dataset, name="Zoo")
    picked = link(member, source.artifact, project, name="picked")
    with refused(NotAllowed, "protected_version"):
        edit_version(caller_of(member), picked, description="Mine")
    edit_version(caller_of(org_admin), elsewhere, description="Of an admin of both")


def test_where_the_protecting_registry_is_hidden_its_name_stays_so(
    restricted_registry, source, org_admin, member
):
    hidden = link(org_admin, source.artifact, restricted_registry)
    protect_aliases(caller_of(org_admin), restricted_registry, ["production"])
    put(org_admin, hidden, "production")
    with refused(NotAllowed, "protected_version") as refusal:
        edit_version(caller_of(member), source, description="Mine")
    assert "Secret" not in refusal.value.sentence
    assert "in a registry" in refusal.value.sentence


def test_an_admin_of_one_registry_does_not_change_what_another_protects(
    restricted_registry, protected_version, org_admin, admin
):
    hidden = link(org_admin, protected_version.artifact, restricted_registry)
    protect_aliases(caller_of(org_admin), restricted_registry, ["gold"])
    put(org_admin, hidden, "gold")
    with refused(NotAllowed, "protected_version"):
        edit_version(caller_of(admin), protected_version, description="Mine")
    edit_version(caller_of(org_admin), protected_version, description="Ours")


def test_the_version_is_open_again_when_the_alias_the_rule_or_the_link_is_gone(
    protected_version, source, registry, admin, member
):
    remove_aliases(caller_of(admin), protected_version, ["production"])
    edit_version(caller_of(member), source, description="one")
    put(admin, protected_version, "production")
    unprotect_alias(caller_of(admin), registry, "production")
    edit_version(caller_of(member), source, description="two")
    protect_aliases(caller_of(admin), registry, ["production"])
    with refused(NotAllowed):
        edit_version(caller_of(member), source, description="three")
    unlink_version(caller_of(admin), protected_version)
    edit_version(caller_of(member), source, description="four")


def test_other_versions_of_the_collection_stay_open(protected_version, second_version, member):
    edit_version(caller_of(member), second_version, description="Open")


def test_a_look_alike_or_the_same_name_in_another_registry_protects_nothing(
    registry, version, source, org_admin, member
):
    put(member, version, "Production")
    protect_aliases(caller_of(org_admin), registry, ["production"])
    dataset = Registry.objects.get(name="Dataset")
    link(org_admin, source.artifact, dataset, "production", name="Zoo")
    assert protecting_registries(version.artifact) == []
    edit_version(caller_of(member), version, description="Open")


def test_the_registries_that_protect_a_content_are_known(
    protected_version, registry, restricted_registry, org_admin
):
    hidden = link(org_admin, protected_version.artifact, restricted_registry)
    protect_aliases(caller_of(org_admin), restricted_registry, ["gold"])
    put(org_admin, hidden, "gold")
    assert protecting_registries(protected_version.artifact) == [registry, restricted_registry]


# Ways


def test_in_the_browser_a_member_of_the_registry_edits_though_the_source_is_closed(
    version, source, guest
):
    with refused(NotFound):
        edit_version(caller_of(guest), source, description="Mine")
    edit_version(caller_of(guest), version, description="Ours")


def test_through_the_sdk_the_sources_rights_decide(version, team, guest, viewer, member):
    edit_version(caller_of(member, Way.SDK), version, description="of the team")
    for user in (guest, viewer):
        with refused(NotAllowed):
            edit_version(caller_of(user, Way.SDK), version, description="Mine")
    add_to_team(OPERATOR, team, viewer, "viewer")
    with refused(NotAllowed):
        edit_version(caller_of(viewer, Way.SDK), version, description="Mine")


def test_the_refusal_through_the_sdk_names_no_hidden_project(version, guest):
    with refused(NotAllowed) as refusal:
        edit_version(caller_of(guest, Way.SDK), version, description="Mine")
    assert "zoo_experiment" not in refusal.value.sentence
    assert "smle-reg-team-2" not in refusal.value.sentence


def test_the_history_says_by_what_way(version, member, subtests):
    for way in list(Way):
        with subtests.test(way=way):
            edit_version(caller_of(member, way), version, description=f"By {way}")
            assert Event.objects.latest("pk").way == way


def test_a_version_that_is_gone_is_not_edited(version, member):
    stale = Version.objects.get(pk=version.pk)
    unlink_version(caller_of(member), version)
    with refused(Conflict, "version_gone"):
        edit_version(caller_of(member), stale, description="New")
