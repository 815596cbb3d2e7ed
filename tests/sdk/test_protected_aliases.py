"""Protected aliases through the SDK: an Admin's alone, by every way there is."""

from __future__ import annotations

import pytest

from registries.models import Alias, Event, Version
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.sdk.state import unchanged
from tests.things import aliases_of, put

REFUSED = (
    "“production” is a protected alias in Model. Only registry admins can add, move or remove it."
)
# Every way by which a script changes aliases. `run` belongs to whoever may write the project.
WAYS = """
path = "wandb-registry-Model/Zoo_Classifier_Models"
def append(who):
    found = api(who).artifact(f"smle-reg/{path}:v1")
    found.aliases.append("production")
    found.save()
def remove(who):
    found = api(who).artifact(f"smle-reg/{path}:production")
    found.aliases.remove("production")
    found.save()
def link_again(who):
    found = api(who).artifact(f"smle-reg/{path}:v1")
    found.link(f"smle-reg/{path}", aliases=["harmless", "production"])
def link_new(who):
    found = api(who).artifact(f"smle-reg/{path}:v1")
    found.link("smle-reg/wandb-registry-Model/Made_by_this", aliases=["production"])
"""


@pytest.fixture
def production(protected_version: Version, second_version: Version) -> Version:
    """v0 carries `production`, v1 `latest`."""
    return protected_version


def test_an_admin_adds_moves_and_removes_one_by_save_and_by_link(sdk, admin, production):
    collection = production.collection
    sdk('append("admin")', before=WAYS, admin=admin)
    assert aliases_of(collection) == {"latest": "v1", "production": "v1"}
    sdk('remove("admin")', before=WAYS, admin=admin)
    assert aliases_of(collection) == {"latest": "v1"}
    sdk('link_again("admin")', before=WAYS, admin=admin)
    assert aliases_of(collection) == {"latest": "v1", "production": "v1", "harmless": "v1"}
    sdk('link_new("admin")', before=WAYS, admin=admin)
    made = Version.objects.get(collection__name="Made_by_this")
    assert aliases_of(made.collection) == {"latest": "v0", "production": "v0"}
    events = Event.objects.filter(alias="production", was_protected=True, way="sdk")
    assert list(events.order_by("pk").values_list("kind", flat=True)) == [
        "alias.moved",
        "alias.removed",
        "alias.added",
        "alias.added",
    ]


def test_an_admin_gives_one_while_logging_and_linking(sdk, admin, production):
    sdk(
        """
with started("admin") as run:
    path = "wandb-registry-Model/Zoo_Classifier_Models"
    run.link_artifact(artifact("c"), path, aliases=["production"])
""",
        admin=admin,
    )
    assert aliases_of(production.collection) == {"latest": "v2", "production": "v2"}


def test_nobody_else_changes_one_and_no_request_is_repeated(sdk, personas, production, traffic):
    """Linking anew the SDK itself refuses to whoever does not see the source project."""
    sees_the_source = ("member", "service_account")
    may_see = (*sees_the_source, "guest", "viewer", "org_viewer", "restricted_viewer")
    with unchanged():
        answer = sdk(
            """
for name in given["may_see"]:
    for way in (append, remove, link_again, link_new):
        answer[f"{name} {way.__name__}"] = refusal(way, name)
""",
            before=WAYS,
            may_see=may_see,
            **personas,
        )
    for who in may_see:
        for way in ("append", "remove"):
            assert answer[f"{who} {way}"] == ["CommError", REFUSED]
    for who in sees_the_source:
        for way in ("link_again", "link_new"):
            assert answer[f"{who} {way}"] == ["CommError", REFUSED]
    assert traffic.count("AddAliases") == traffic.count("DeleteAliases") == len(may_see)
    assert traffic.count("LinkArtifact") == 2 * len(sees_the_source)


def test_who_has_no_role_does_not_even_find_the_version(sdk, personas, production):
    with unchanged():
        answer = sdk(
            """
for name in ("outsider", "removed_member", "other_admin"):
    for way in (append, remove, link_again, link_new):
        answer[f"{name} {way.__name__}"] = refusal(way, name)
    assert not api(name).artifact_exists(f"smle-reg/{path}:production")
""",
            before=WAYS,
            **personas,
        )
    for what, (name, text) in answer.items():
        assert name in {"CommError", "ValueError"}
        assert "protected alias" not in text, what


def test_a_link_with_a_protected_alias_is_refused_whole_but_the_log_before_it_stands(
    sdk, member, production, project
):
    """The log and the link are two requests: the first one succeeded."""
    answer = sdk(
        """
with started("member") as run:
    path = "wandb-registry-Model/Zoo_Classifier_Models"
    answer["refused"] = refusal(
        run.link_artifact, artifact("c"), path, aliases=["mine", "production"]
    )
""",
        member=member,
    )
    assert REFUSED in answer["refused"][1]
    assert aliases_of(production.collection) == {"latest": "v1", "production": "v0"}
    assert production.collection.versions.count() == 2
    assert project.collections.get(name="zoo_dataset").versions.count() == 3


def test_a_member_adds_and_removes_other_aliases_of_a_protected_version(sdk, member, production):
    sdk(
        """
found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:production")
found.aliases.append("candidate")
found.save()
found.aliases.remove("candidate")
found.aliases.append("chosen")
found.save()
""",
        member=member,
    )
    assert aliases_of(production.collection) == {
        "latest": "v1",
        "production": "v0",
        "chosen": "v0",
    }


def test_the_name_is_free_elsewhere(sdk, member, production, source):
    """In a project and in another registry nobody has protected it."""
    sdk(
        """
found = api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
found.aliases.append("production")
found.save()
""",
        member=member,
    )
    assert aliases_of(source.collection)["production"] == "v0"


def test_what_looks_like_a_protected_name_is_refused(sdk, member, admin, production):
    answer = sdk(
        """
for name in ("Production", "ｐroduction"):
    found = api("admin").artifact("wandb-registry-Model/Zoo_Classifier_Models:v1")
    found.aliases.append(name)
    answer[name] = refusal(found.save)
""",
        admin=admin,
    )
    for name, (_, text) in answer.items():
        assert f"“{name}” is too close to the protected alias “production”." in text


def test_a_protected_version_keeps_its_words_and_its_source(sdk, member, admin, production):
    """Nobody but an Admin of the registry edits, unlinks or deletes it, link or source."""
    with unchanged():
        answer = sdk(
            """
seen = api("member")
link = "wandb-registry-Model/Zoo_Classifier_Models:production"
source = "smle-reg-team-2/zoo_experiment/zoo_dataset:v0"
for name in (link, source):
    for what, value in (("description", "x"), ("metadata", {"a": 1}), ("tags", ["t"])):
        found = seen.artifact(name)
        setattr(found, what, value)
        answer[f"{name} {what}"] = refusal(found.save)
answer["unlink"] = refusal(seen.artifact(link).unlink)
answer["delete link"] = refusal(seen.artifact(link).delete, delete_aliases=True)
answer["delete source"] = refusal(seen.artifact(source).delete, delete_aliases=True)
answer["admin deletes"] = refusal(api("admin").artifact(source).delete, delete_aliases=True)
collection = seen.artifact(link).collection
answer["collection"] = refusal(collection.delete)
""",
            member=member,
            admin=admin,
        )
    assert {name for name, _ in answer.values()} == {"CommError"}
    for what, (_, text) in answer.items():
        assert "protected alias" in text, what


def test_an_admin_edits_a_protected_version_and_unlinks_it(sdk, admin, production):
    sdk(
        """
path = "wandb-registry-Model/Zoo_Classifier_Models:v0"
found = api("admin").artifact(path)
found.description, found.tags = "as it runs", ["live"]
found.save()
api("admin").artifact(path).unlink()
""",
        admin=admin,
    )
    production.artifact.refresh_from_db()
    assert production.artifact.description == "as it runs"
    assert not Version.objects.filter(pk=production.pk).exists()


def test_a_name_protected_while_a_script_holds_the_version_counts_at_once(
    sdk, member, admin, registry, version
):
    """The script read the version before; the server judges what is true when it saves."""
    put(member, version, "staging")
    protect_aliases(caller_of(admin), registry, ["staging"])
    with unchanged():
        answer = sdk(
            """
found = api("member").artifact("wandb-registry-Model/Zoo_Classifier_Models:v0")
found.aliases.remove("staging")
answer["refused"] = refusal(found.save)
""",
            member=member,
        )
    assert "“staging” is a protected alias in Model." in answer["refused"][1]


def test_no_member_keeps_a_protected_version_from_being_loaded(sdk, member, viewer, production):
    """What the package takes for the number of a version is no alias, whatever its digits."""
    answer = sdk(
        """
path = "wandb-registry-Model/Zoo_Classifier_Models"
found = api("member").artifact(f"{path}:v0")
found.aliases += ["v四", "v½"]
answer["saved"] = refusal(found.save)
source = api("member").artifact("smle-reg-team-2/zoo_experiment/zoo_dataset:v0")
answer["linked"] = refusal(source.link, f"smle-reg/{path}", aliases=["v٣"])
with started("member") as run:
    answer["logged"] = refusal(lambda: run.log_artifact(artifact("c"), aliases=["vⅣ"]).wait())
seen = api("viewer").artifact(f"{path}:production")
answer["seen"] = [seen.version, sorted(seen.aliases), texts(seen.download())]
""",
        member=member,
        viewer=viewer,
    )
    assert answer["seen"] == ["v0", ["production"], {"zoo.csv": "as published"}]
    for way in ("saved", "linked", "logged"):
        assert "reads as a version number" in answer[way][1], way


def test_a_version_with_such_an_alias_of_an_earlier_time_is_loaded(sdk, member, production):
    for name in ("v四", "v٣"):
        Alias.objects.create(
            collection=production.collection, version=production, name=name, changed_by=member
        )
    answer = sdk(
        """
seen = api("member")
path = "smle-reg/wandb-registry-Model/Zoo_Classifier_Models"
for name in ("production", "v0", "v四"):
    found = seen.artifact(f"{path}:{name}")
    answer[name] = [found.version, found.aliases, texts(found.download())]
answer["listed"] = [found.version for found in seen.artifacts("dataset", path)]
found = seen.artifact(f"{path}:v0")
found.aliases.append("best")
found.save()
""",
        member=member,
    )
    for name in ("production", "v0", "v四"):
        assert answer[name] == ["v0", ["production"], {"zoo.csv": "as published"}], name
    assert answer["listed"] == ["v1", "v0"]
    names = {"best", "production", "v四", "v٣"}
    assert {name for name, label in aliases_of(production.collection).items() if label == "v0"} == (
        names
    )
