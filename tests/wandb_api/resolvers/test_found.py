"""What a script names and does not see: told by its kind, and never whether it exists."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.people import create_user
from artifacts.operations.projects import create_project
from artifacts.operations.runs import start_run
from automations.actions import DoNothing
from automations.kinds import EventKind
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.wandb_api.asking import artifact_id
from wandb_api.identifiers import encode

UNKNOWN = 987654
MUTATION = "mutation Asked($input: {type}!) {{ {name}(input: $input) {{ __typename }} }}"
HIDDEN = "smle-reg-team-2"


@pytest.fixture
def hidden(settings, org_admin, member, organization, project, source, registry):
    """Ids of what the outsider does not see, by the kind of thing."""
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    by = caller_of(org_admin)
    hook = create_webhook(by, organization.entity, "ci", "http://127.0.0.1:9/hook").integration
    automation = create_automation(
        by, registry.project, "tell", EventKind.ALIAS_MOVED, DoNothing(), filter=""
    )
    return {
        "Artifact": source.artifact_id,
        "ArtifactSequence": source.collection_id,
        "Integration": hook.pk,
        "Project": registry.pk,
        "Run": start_run(caller_of(member), project).pk,
        "Trigger": automation.pk,
    }


@pytest.fixture
def told(ask, outsider):
    """`told(mutation, input)`: the sentence the outsider gets, who has changed nothing."""

    def sentence(name, given):
        query = MUTATION.format(type=name[0].upper() + name[1:] + "Input", name=name)
        with nothing_changes():
            answer = ask(outsider, query, input=given)
        assert answer.status == 404
        return answer.sentence

    ask(outsider, "{ viewer { id } }")
    return sentence


LONG = "x" * 60_000
BY_LONG_NAME = [
    "entity(name: $name) { id }",
    "organization(name: $name) { id }",
    'project(name: "p", entityName: $name) { id }',
    "project(name: $name) { id }",
]


@pytest.mark.parametrize("asked", BY_LONG_NAME)
def test_a_name_longer_than_any_is_nobodys(ask, member, asked):
    query = f"query Q($name: String!) {{ found: {asked} }}"
    assert ask(member, query, name=LONG).data == {"found": None}


def test_a_name_longer_than_any_is_no_persons_and_no_teams(ask, org_admin, organization):
    staff = create_user(OPERATOR, "staff", is_staff=True)
    people = "query Q($name: String!) { users(query: $name) { edges { node { id } } } }"
    for user in (org_admin, staff):
        assert ask(user, people, name=LONG).data == {"users": {"edges": []}}
    for name, given in (
        ("createInvite", {"entityName": LONG, "username": LONG}),
        ("createTeam", {"teamName": "t", "teamAdminUserName": LONG}),
        ("updateUser", {"defaultEntity": LONG}),
        ("upsertBucket", {"entityName": LONG}),
        ("upsertModel", {"entityName": LONG, "name": "wandb-registry-n"}),
    ):
        query = MUTATION.format(type=name[0].upper() + name[1:] + "Input", name=name)
        assert ask(org_admin, query, input=given).status in {403, 404, 422}


def test_files_are_named_one_by_one_up_to_a_limit(ask, member, version):
    query = """query Q($names: [String!]) {
      project(entityName: "smle-reg", name: "wandb-registry-Model") {
        artifactCollectionMembership(name: "Zoo_Classifier_Models:v0") {
          files(names: $names) { totalCount }
        }
      }
    }"""
    named = [str(number) for number in range(10_001)]
    assert ask(member, query, names=[*named[:9_999], "zoo.csv"]).sentences == []
    assert ask(member, query, names=named).sentence == "At most 10,000 files can be named at once."
    ids = [encode("RunFile", number) for number in range(10_001)]
    delete = MUTATION.format(type="DeleteFilesInput", name="deleteFiles")
    answer = ask(member, delete, input={"files": ids})
    assert answer.sentence == "At most 10,000 files can be named at once."


BY_ID = {
    "deleteTrigger": ("Trigger", "automation", "triggerID"),
    "deleteArtifact": ("Artifact", "artifact", "artifactID"),
    "commitArtifact": ("Artifact", "artifact", "artifactID"),
    "deleteArtifactSequence": ("ArtifactSequence", "collection", "artifactSequenceID"),
    "deleteModel": ("Project", "project or registry", "id"),
    "upsertBucket": ("Run", "run", "id"),
}


@pytest.mark.parametrize("name", BY_ID)
def test_an_id_of_what_is_hidden_reads_like_one_of_nothing(hidden, told, name):
    kind, word, key = BY_ID[name]
    expected = f"There is no {word} with this id, or it is not shared with you."
    for number in (hidden[kind], UNKNOWN):
        assert told(name, {key: encode(kind, number)}) == expected
    assert told(name, {key: "no id"}) == expected


BY_NAME = {
    "upsertBucket": ("team or person", {"modelName": "p", "name": "n"}),
    "createArtifact": (
        "team or person",
        {
            "projectName": "p",
            "digest": "d",
            "digestAlgorithm": "MANIFEST_MD5",
            "artifactTypeName": "t",
            "artifactCollectionName": "c",
        },
    ),
    "createGenericWebhookIntegration": (
        "team, organization or person",
        {"name": "n", "urlEndpoint": "http://127.0.0.1:9/"},
    ),
    "createServiceAccount": ("team", {"description": "robot"}),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_name_of_what_is_hidden_reads_like_one_nobody_has(hidden, told, name):
    kind, others = BY_NAME[name]
    for entity in (HIDDEN, "nobody-has-this"):
        expected = f"There is no {kind} “{entity}”, or it is not shared with you."
        assert told(name, {"entityName": entity, **others}) == expected


def test_a_project_is_named_as_the_script_wrote_it(hidden, told, version):
    for entity in (HIDDEN, "nobody-has-this"):
        alias = {"alias": "a", "artifactCollectionName": "zoo_dataset", "projectName": "p"}
        given = {
            "artifactID": artifact_id(version.artifact),
            "aliases": [{**alias, "entityName": entity}],
        }
        assert told("addAliases", given) == (
            f"There is no project or registry “{entity}/p”, or it is not shared with you."
        )


def test_an_automation_is_refused_an_integration_that_is_not_shared(hidden, told, outsider):
    own = create_project(caller_of(outsider), outsider.entity, "mine")
    for number in (hidden["Integration"], UNKNOWN):
        action = {"integrationID": encode("Integration", number), "requestPayload": "{}"}
        given = {
            "name": "tell",
            "enabled": True,
            "eventFilter": '{"$or":[{"$and":[]}]}',
            "scopeID": encode("Project", own.pk),
            "scopeType": "PROJECT",
            "triggeringEventType": "ADD_ARTIFACT_ALIAS",
            "triggeredActionType": "GENERIC_WEBHOOK",
            "triggeredActionConfig": {"genericWebhookActionInput": action},
        }
        assert told("createFilterTrigger", given) == (
            "There is no integration with this id, or it is not shared with you."
        )


def test_the_default_entity_tells_nobody_which_teams_there_are(ask, outsider, project):
    query = MUTATION.format(type="UpdateUserInput", name="updateUser")
    answers = {
        (answer.status, answer.sentence)
        for name in (HIDDEN, "nobody-has-this")
        for answer in [ask(outsider, query, input={"defaultEntity": name})]
    }
    assert answers == {(403, "The default entity is yourself or one of your teams.")}


def test_what_an_operation_does_not_find_is_no_address(ask, member, source, project):
    """`useArtifact` of a run that is not there: the script sent no address."""
    query = MUTATION.format(type="UseArtifactInput", name="useArtifact")
    given = {
        "artifactID": artifact_id(source.artifact),
        "entityName": HIDDEN,
        "projectName": project.name,
        "runName": "nothing",
    }
    answer = ask(member, query, input=given)
    assert answer.sentence == "There is no run “nothing”, or it is not shared with you."
