"""Registries through the SDK: made, changed, renamed, deleted."""

from __future__ import annotations

import pytest

from registries.models import Collection, Registry
from registries.operations.grants import role_of
from registries.roles import Role
from tests.sdk.state import unchanged
from tests.things import link, log


def test_a_member_of_the_organization_makes_a_registry_and_is_its_admin(sdk, member, registry):
    answer = sdk(
        """
made = api("member").create_registry(
    "Speech models", "organization", organization="smle-reg", description="# Ears",
    artifact_types=["model", "dataset"],
)
found = api("member").registry("Speech models", organization="smle-reg")
for registry in (made, found):
    answer[f"{registry is made}"] = [
        registry.name, registry.full_name, registry.entity, registry.organization,
        registry.description, registry.visibility, registry.allow_all_artifact_types,
        sorted(registry.artifact_types), registry.created_at[-1:],
    ]
answer["same id"] = made.id == found.id
answer["members"] = [[m.user.username, str(m.role)] for m in found.user_members()]
answer["by other case"] = api("member").registry("SPEECH MODELS", organization="SMLE-REG").name
""",
        member=member,
    )
    told = [
        "Speech models",
        "wandb-registry-Speech models",
        "smle-reg",
        "smle-reg",
        "# Ears",
        "organization",
        False,
        ["dataset", "model"],
        "Z",
    ]
    assert answer == {
        "True": told,
        "False": told,
        "same id": True,
        "members": [["member", "admin"]],
        "by other case": "Speech models",
    }
    made = Registry.objects.get(name="Speech models")
    assert role_of(made, member) == Role.ADMIN


def test_a_registry_that_accepts_all_types_or_is_restricted(sdk, member, viewer, registry):
    answer = sdk(
        """
made = api("member").create_registry("All", "restricted", organization="smle-reg")
answer["made"] = [made.visibility, made.allow_all_artifact_types, list(made.artifact_types)]
answer["hidden"] = refusal(api("viewer").registry, "All", organization="smle-reg")[0]
answer["listed"] = [r.name for r in api("viewer").registries(organization="smle-reg")]
""",
        member=member,
        viewer=viewer,
    )
    assert answer == {
        "made": ["restricted", True, []],
        "hidden": "ValueError",
        "listed": ["Dataset", "Model"],
    }


def test_a_name_is_taken_once_whatever_its_case_and_whether_one_sees_it(
    sdk, member, restricted_registry
):
    with unchanged():
        answer = sdk(
            """
for name in ("model", "Secret"):
    answer[name] = refusal(
        api("member").create_registry, name, "organization", organization="smle-reg",
        description="mine",
    )
""",
            member=member,
        )
    assert "smle-reg has a registry “Secret” already" in answer["Secret"][1]
    assert "already exists" in answer["model"][1]


@pytest.mark.parametrize("name", ["a/b", "a:b", "x" * 114, " edge", "line\nbreak"])
def test_names_no_registry_can_have(sdk, member, registry, name):
    with unchanged():
        sdk(
            """
answer["refused"] = refusal(
    api("member").create_registry, given["name"], "organization", organization="smle-reg"
)
""",
            member=member,
            name=name,
        )


def test_an_admin_saves_renames_and_deletes(sdk, org_admin, registry):
    answer = sdk(
        """
seen = api("org_admin")
made = seen.create_registry(
    "Speech", "organization", organization="smle-reg", artifact_types=["model"]
)
made.description = "new"
made.artifact_types.append("dataset")
made.save()
made.name = "Voices"
made.visibility = "restricted"
made.save()
found = seen.registry("Voices", organization="smle-reg")
answer["saved"] = [found.description, sorted(found.artifact_types), found.visibility]
answer["old"] = refusal(seen.registry, "Speech", organization="smle-reg")[0]
found.allow_all_artifact_types = True
found.save()
answer["all"] = seen.registry("Voices", organization="smle-reg").allow_all_artifact_types
found.visibility = "organization"
answer["back"] = refusal(found.save)
found = seen.registry("Voices", organization="smle-reg")
found.delete()
answer["twice"] = refusal(found.delete)
answer["listed"] = [r.name for r in seen.registries(organization="smle-reg")]
""",
        org_admin=org_admin,
    )
    assert answer["saved"] == ["new", ["dataset", "model"], "restricted"]
    assert answer["old"] == "ValueError"
    assert answer["all"] is True
    assert "cannot be opened to the organization again" in answer["back"][1]
    assert "There is no project or registry with this id" in answer["twice"][1]
    assert answer["listed"] == ["Dataset", "Model"]


def test_a_core_registry_keeps_its_name_and_stays(sdk, org_admin, registry):
    with unchanged():
        answer = sdk(
            """
found = api("org_admin").registry("Model", organization="smle-reg")
found.name = "Models"
answer["rename"] = refusal(found.save)
answer["delete"] = refusal(api("org_admin").registry("Model", organization="smle-reg").delete)
""",
            org_admin=org_admin,
        )
    assert "Model is a core registry and keeps its name." in answer["rename"][1]
    assert "Model is a core registry. It cannot be renamed or deleted." in answer["delete"][1]


def test_who_is_not_admin_changes_nothing_of_a_registry(sdk, personas, registry, traffic):
    who = ("member", "viewer", "org_viewer", "restricted_viewer", "guest", "service_account")
    with unchanged():
        answer = sdk(
            """
for name in given["who"]:
    found = api(name).registry("Model", organization="smle-reg")
    found.description = "mine"
    answer[f"{name} saves"] = refusal(found.save)
    answer[f"{name} deletes"] = refusal(found.delete)
""",
            who=who,
            **personas,
        )
    assert len(answer) == 12
    assert all("Only admins of Model can" in text for _, text in answer.values())
    assert traffic.count("UpsertRegistry") == traffic.count("DeleteRegistry") == 6


def test_who_may_not_create_a_registry(sdk, personas, registry):
    with unchanged():
        answer = sdk(
            """
for name in ("org_viewer", "guest", "outsider", "removed_member", "other_admin"):
    answer[name] = refusal(
        api(name).create_registry, "Mine", "organization", organization="smle-reg"
    )
""",
            **personas,
        )
    for who in ("org_viewer", "guest"):
        assert "Only members and admins of smle-reg can create a registry" in answer[who][1]
    assert len(answer) == 5


def test_accepted_types_hold_for_links(sdk, member, project, registry):
    log(member, project, "w", name="weights", type_name="model")
    answer = sdk(
        """
seen = api("member")
seen.create_registry(
    "Data alone", "organization", organization="smle-reg", artifact_types=["dataset"]
)
found = seen.artifact("smle-reg-team-2/zoo_experiment/weights:v0")
answer["refused"] = refusal(found.link, "wandb-registry-Data alone/Weights")
""",
        member=member,
    )
    assert "Data alone accepts dataset; this is of type model." in answer["refused"][1]
    assert not Collection.objects.filter(name="Weights").exists()


def test_each_type_that_is_listed_is_opened_and_has_no_collections_yet(sdk, member, registry):
    answer = sdk(
        """
seen = api("member")
seen.create_registry(
    "Speech", "organization", organization="smle-reg", artifact_types=["model", "dataset"]
)
place = "smle-reg/wandb-registry-Speech"
answer["listed"] = {
    found.name: list(found.collections()) for found in seen.artifact_types(place)
}
answer["opened"] = seen.artifact_type("model", place).name
answer["collections"] = list(seen.artifact_collections(place, "dataset"))
answer["other"] = refusal(lambda: list(seen.artifact_type("table", place).collections()))
""",
        member=member,
    )
    assert answer["listed"] == {"model": [], "dataset": []}
    assert (answer["opened"], answer["collections"]) == ("model", [])
    assert answer["other"]


def test_a_list_of_types_takes_in_those_in_use(sdk, org_admin, member, source, registry):
    link(member, source.artifact, registry)
    answer = sdk(
        """
found = api("org_admin").registry("Model", organization="smle-reg")
found.allow_all_artifact_types = False
found.artifact_types.append("model")
found.save()
found = api("org_admin").registry("Model", organization="smle-reg")
answer["types"] = sorted(found.artifact_types)
""",
        org_admin=org_admin,
    )
    assert answer["types"] == ["dataset", "model"]
