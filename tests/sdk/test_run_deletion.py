"""Runs and their files are deleted by the public API; who may not changes nothing."""

from __future__ import annotations

from accounts.callers import OPERATOR
from accounts.operations.teams import add_to_team
from artifacts.models import Artifact, Run, RunFile
from registries.models import Version
from registries.operations.protected_aliases import protect_aliases
from tests.personas import caller_of
from tests.sdk.state import unchanged
from tests.things import aliases_of

LOGGED = """
place = "smle-reg-team-2/zoo_experiment"
with started("member", id="logged") as run:
    Path("notes.txt").write_text("kept")
    run.save("notes.txt")
    logged = run.log_artifact(artifact("a")).wait()
    run.link_artifact(logged, "wandb-registry-Model/Zoo", aliases=["production"])
"""


def test_a_file_of_a_run_is_deleted(sdk, member, registry):
    answer = sdk(
        """
found = api("member").run(f"{place}/logged")
kept = {file.name for file in found.files()}
file = found.file("notes.txt")
file.delete()
answer["gone"] = list(kept - {file.name for file in api("member").run(f"{place}/logged").files()})
answer["again"] = refusal(file.delete)
""",
        before=LOGGED,
        member=member,
    )
    assert answer["gone"] == ["notes.txt"]
    assert answer["again"][0] == "CommError"
    assert "There is no file with this id" in answer["again"][1]


def test_a_deleted_run_leaves_what_it_logged(sdk, member, registry):
    answer = sdk(
        """
seen = api("member")
seen.run(f"{place}/logged").delete()
answer["gone"] = refusal(api("member").run, f"{place}/logged")[1]
answer["runs"] = len(api("member").runs(place))
left = api("member").artifact(f"{place}/zoo_dataset:v0")
answer["maker"] = left.logged_by()
answer["linked"] = api("member").artifact("smle-reg/wandb-registry-Model/Zoo:production").version
""",
        before=LOGGED,
        member=member,
    )
    assert "Could not find run" in answer["gone"]
    assert (answer["runs"], answer["maker"], answer["linked"]) == (0, None, "v0")


def test_a_deleted_run_takes_what_it_logged_when_that_is_asked(sdk, member, registry):
    sdk(
        'api("member").run(f"{place}/logged").delete(delete_artifacts=True)',
        before=LOGGED,
        member=member,
    )
    assert not Run.objects.exists()
    assert not Version.objects.exists()
    assert not Artifact.objects.exists()
    assert not RunFile.objects.exists()


def test_a_run_whose_version_carries_a_protected_alias_stays(sdk, member, admin, registry):
    sdk("", before=LOGGED, member=member)
    protect_aliases(caller_of(admin), registry, ["production"])
    with unchanged():
        answer = sdk(
            """
for who in ("member", "admin"):
    found = api(who).run("smle-reg-team-2/zoo_experiment/logged")
    answer[who] = [refusal(found.delete), refusal(found.delete, delete_artifacts=True)]
""",
            member=member,
            admin=admin,
        )
    for refusals in answer.values():
        for name, told in refusals:
            assert name == "CommError"
            assert "This run made a version that carries a protected alias in Model." in told
    assert aliases_of(Version.objects.get(collection__name="Zoo").collection)["production"] == "v0"


def test_who_may_not_write_deletes_nothing(sdk, member, viewer, outsider, team, registry):
    sdk("", before=LOGGED, member=member)
    add_to_team(OPERATOR, team, viewer, "viewer")
    with unchanged():
        answer = sdk(
            """
found = api("viewer").run("smle-reg-team-2/zoo_experiment/logged")
file = found.file("notes.txt")
answer["run"], answer["artifacts"] = refusal(found.delete), refusal(found.delete, True)
answer["file"], answer["state"] = refusal(file.delete), refusal(found.update_state, "failed")
found._service_api = file._service_api = api("outsider")._service_api
answer["hidden run"], answer["hidden file"] = refusal(found.delete), refusal(file.delete)
""",
            viewer=viewer,
            outsider=outsider,
        )
    hidden = [answer.pop(name)[1] for name in ("hidden run", "hidden file")]
    assert all("or it is not shared with you." in told for told in hidden)
    for name, told in answer.values():
        assert name == "CommError"
        assert "Only admins and members of smle-reg-team-2 can do this." in told


def test_a_run_that_was_lost_is_said_to_have_failed(sdk, member, registry):
    answer = sdk(
        """
found = api("member").create_run(run_id="lost", project="zoo_experiment", entity="smle-reg-team-2")
answer["pending"] = refusal(found.update_state, "pending")
answer["done"] = found.update_state("failed")
answer["state"] = api("member").run("smle-reg-team-2/zoo_experiment/lost").state
answer["again"] = refusal(found.update_state, "failed")
""",
        member=member,
    )
    assert (answer["done"], answer["state"]) == (True, "failed")
    assert "Of a run that is running it can be said that it failed." in answer["pending"][1]
    assert "is failed, so it stays as it is." in answer["again"][1]


def test_projects_of_nobody_are_told(sdk, member, outsider, registry):
    answer = sdk(
        """
answer["unknown"] = refusal(list, api("member").projects("nobody"))
answer["hidden"] = refusal(list, api("outsider").projects("smle-reg-team-2"))
""",
        member=member,
        outsider=outsider,
    )
    assert "There is no team or person “nobody”" in answer["unknown"][1]
    assert "or it is not shared with you." in answer["hidden"][1]
