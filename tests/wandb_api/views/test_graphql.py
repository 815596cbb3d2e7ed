"""The one address of all operations: who may ask, what a question looks like, what refusals are."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.api_keys import create_api_key, revoke_api_key
from accounts.operations.people import deactivate_user
from tests.accounts.faulty_database import no_changes
from tests.wandb_api.asking import artifact_id

VIEWER = "query Viewer { viewer { username } }"
ADD = """
mutation AddAliases($input: AddAliasesInput!) { addAliases(input: $input) { success } }
"""


def aliases(version, *names: str, **others: str) -> dict:
    """What the SDK sends to give `names` to a version."""
    collection = version.collection
    place = {
        "entityName": collection.project.entity.name,
        "projectName": collection.project.name,
        "artifactCollectionName": collection.name,
    }
    given = [{"alias": name, **(place | others)} for name in names]
    return {"artifactID": artifact_id(version.artifact), "aliases": given}


def send(headers: dict[str, str] | None = None, body: bytes | None = None, **options):
    raw = json.dumps({"query": VIEWER}).encode() if body is None else body
    options.setdefault("content_type", "application/json")
    return Client().post("/graphql", raw, headers=headers or {}, **options)


def test_a_key_tells_who_asks(ask, member):
    assert ask(member, VIEWER).data == {"viewer": {"username": "member"}}


def test_a_key_may_come_as_bearer(member):
    _, secret = create_api_key(OPERATOR, member)
    answer = send({"Authorization": f"Bearer {secret}"})
    assert answer.json()["data"] == {"viewer": {"username": "member"}}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Basic",
        "Basic !",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"api:\xff\xfe").decode(),
        "Bearer",
        "Bearer " + "0" * 40,
        "Digest x",
        "Basic " + base64.b64encode(b"api:" + b"0" * 40).decode(),
    ],
)
def test_without_a_live_key_nothing_is_answered(db, given):
    answer = send({"Authorization": given})
    assert answer.status_code == 401
    assert "API key is unknown, expired or revoked" in answer.json()["errors"][0]["message"]
    assert "data" not in answer.json()


def test_a_revoked_key_and_the_key_of_a_deactivated_person_end_at_once(member, org_admin):
    key, secret = create_api_key(OPERATOR, member)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert send(bearer).status_code == 200
    revoke_api_key(OPERATOR, key)
    assert send(bearer).status_code == 401
    _, secret = create_api_key(OPERATOR, member)
    deactivate_user(OPERATOR, member)
    assert send({"Authorization": f"Bearer {secret}"}).status_code == 401


def test_neither_a_session_nor_a_key_in_the_address_counts(member):
    _, secret = create_api_key(OPERATOR, member)
    client = Client()
    client.force_login(member)
    for address in ("/graphql", f"/graphql?api_key={secret}&access_token={secret}"):
        answer = client.post(address, json.dumps({"query": VIEWER}), "application/json")
        assert answer.status_code == 401


def test_only_post_is_answered(ask, member):
    for method in ("get", "put", "delete", "patch", "head", "options"):
        answer = getattr(Client(), method)("/graphql", headers=ask.headers(member))
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"1",
        b'"query"',
        b"\xff\xfe",
        b"{}",
        b'{"query": null}',
        b'{"query": 1}',
        b'{"query": ["{ viewer { id } }"]}',
        b'[{"query": "{ viewer { id } }"}]',
        b'{"query": ""}',
        b'{"query": " "}',
        b'{"query": "{"}',
        b'{"query": "fragment F on User { id }"}',
        b'{"query": "{ viewer { id } }", "variables": [1]}',
        b'{"query": "{ viewer { id } }", "variables": "x"}',
        b'{"query": "{ viewer { id } }", "operationName": 1}',
        b'{"query": "{ viewer { id } }", "operationName": "Other"}',
        b'{"query": "query A { viewer { id } } query B { viewer { id } }"}',
        b'{"query": "{ nothing }"}',
        b'{"query": "subscription S { viewer { id } }"}',
        b'{"query": "{ __schema { types { name } } "}',
        b"[" * 100_000,
        b'{"query": "{ viewer { id } }", "variables": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"query": "' + b"{" * 4_000 + b'"}',
        b'{"query": "\\ud800"}',
    ],
)
def test_what_is_no_question_is_refused_with_a_reason(ask, member, body):
    answer = ask.send(member, body)
    assert answer.status == 400
    assert answer.data is None
    assert answer.sentences
    assert all(answer.sentences)


def test_an_empty_operation_name_is_none(ask, member):
    query = {"query": VIEWER, "operationName": "", "variables": None}
    assert ask.send(member, query).status == 200
    two = "query A { viewer { id } } query B { viewer { username } }"
    named = ask.send(member, {"query": two, "operationName": "B"})
    assert named.data == {"viewer": {"username": "member"}}


def test_variables_the_document_does_not_declare_are_passed_over(ask, member):
    assert ask(member, VIEWER, usedAs=None, more=1).status == 200


def test_a_body_over_16_megabytes_is_refused(ask, member):
    answer = ask.send(member, b" " * (16 * 1024 * 1024) + b"{}")
    assert (answer.status, answer.sentence) == (400, "A request has at most 16 MB.")


@pytest.mark.parametrize(
    ("who", "alias", "status", "sentence"),
    [
        ("viewer", "mine", 403, "Only members and admins of Model can add, move or remove a"),
        ("member", "production", 403, "“production” is a protected alias in Model."),
        (
            "outsider",
            "mine",
            404,
            "There is no project or registry “smle-reg/wandb-registry-Model”",
        ),
        ("member", "v7", 422, "v7"),
        ("member", "Production", 422, "too close to the protected alias"),
    ],
)
def test_a_refusal_is_its_sentence_with_a_status_the_sdk_takes_as_final(
    ask, request, protected_version, who, alias, status, sentence
):
    answer = ask(request.getfixturevalue(who), ADD, input=aliases(protected_version, alias))
    assert answer.status == status
    assert sentence in answer.sentence
    assert not answer.data


def test_a_mutation_of_several_collections_is_refused_whole(ask, member, protected_version):
    """One alias would be allowed in the project; the other is protected in the registry."""
    source = protected_version.artifact.versions.get(collection__kind="sequence")
    given = aliases(protected_version, "production")
    given["aliases"] = aliases(source, "harmless")["aliases"] + given["aliases"]
    assert ask(member, ADD, input=given).status == 403
    assert not source.aliases.filter(name="harmless").exists()


def test_a_mutation_of_several_collections_changes_all_or_tells_which_is_not_there(
    ask, member, version
):
    source = version.artifact.versions.get(collection__kind="sequence")
    given = aliases(version, "here")
    given["aliases"] += aliases(source, "there")["aliases"]
    assert ask(member, ADD, input=given).data == {"addAliases": {"success": True}}
    assert version.aliases.filter(name="here").exists()
    assert source.aliases.filter(name="there").exists()
    given["aliases"][0] |= {"artifactCollectionName": "Dogs", "alias": "more"}
    given["aliases"][1]["alias"] = "more"
    answer = ask(member, ADD, input=given)
    assert answer.status == 404
    assert "There is no version of this artifact in “Dogs”" in answer.sentence
    assert not source.aliases.filter(name="more").exists()


def test_many_mutations_in_one_request_each_stand_alone(ask, member, version):
    """GraphQL runs them one after the other; a refused one leaves the ones before it."""
    query = """
    mutation Two($good: AddAliasesInput!, $bad: AddAliasesInput!) {
      first: addAliases(input: $good) { success }
      second: addAliases(input: $bad) { success }
    }
    """
    answer = ask(member, query, good=aliases(version, "good"), bad=aliases(version, "v7"))
    assert answer.status == 422
    assert version.aliases.filter(name="good").exists()


def test_use_admin_privileges_grants_nothing(ask, viewer, version):
    client = Client()
    body = json.dumps({"query": ADD, "variables": {"input": aliases(version, "mine")}})
    headers = ask.headers(viewer) | {
        "Use-Admin-Privileges": "true",
        "X-WANDB-USERNAME": "org-admin",
        "X-WANDB-USER-EMAIL": "org-admin@example.org",
    }
    answer = client.post("/graphql", body, content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_the_sdks_own_telemetry_is_answered_without_a_word():
    assert Client().post("/sdk/otel/v1/metrics", b"x", "application/x-protobuf").status_code == 404


def test_a_database_that_takes_no_changes_for_a_while_is_asked_again(member, source):
    _, secret = create_api_key(OPERATOR, member)
    body = json.dumps({"query": ADD, "variables": {"input": aliases(source, "best")}}).encode()
    with no_changes():
        answer = send({"Authorization": f"Bearer {secret}"}, body)
    assert answer.status_code == 503
    assert send({"Authorization": f"Bearer {secret}"}, body).status_code == 200
