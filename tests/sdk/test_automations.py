"""Automations through the SDK: made, listed, changed, switched off, deleted, refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
from queue import Queue

import pytest
from standardwebhooks.webhooks import Webhook

from automations.actions import CallWebhook
from automations.models import Automation, Integration
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.secrets import create_secret
from automations.signing import new_signing_secret
from tests.automations.receivers import answer_with, receiving
from tests.automations.working import at_work
from tests.personas import caller_of
from tests.sdk.state import unchanged
from tests.things import COLLECTION

HOOK = "http://127.0.0.1:9/hooks/secret-path"
TOOLS = """
from wandb.automations import (
    ArtifactEvent, DoNothing, OnAddArtifactAlias, OnAddArtifactTag, OnAddCollectionTag,
    OnCreateArtifact, OnLinkArtifact, OnRemoveArtifactTag, OnRemoveCollectionTag, OnRunMetric,
    OnRunState, OnUnlinkArtifact, RunEvent, SendNotification, SendWebhook,
)

def registry(who):
    return api(who).registry("Model", organization="smle-reg")

def collection(who):
    path = "smle-reg/wandb-registry-Model/Zoo_Classifier_Models"
    return api(who).artifact_collection("dataset", path)

def sequence(who):
    path = "smle-reg-team-2/zoo_experiment/zoo_dataset"
    return api(who).artifact_collection("dataset", path)

def project(who):
    return next(p for p in api(who).projects("smle-reg-team-2") if p.name == "zoo_experiment")

def webhook(who):
    return next(iter(api(who).webhook_integrations(entity="smle-reg")))

def slack(who):
    return next(iter(api(who).slack_integrations(entity="smle-reg")))
"""


@pytest.fixture
def hook(settings, org_admin, organization, version) -> Integration:
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    by = caller_of(org_admin)
    secret = create_secret(by, organization.entity, "SIGNING", "a secret to sign with")
    saved = create_webhook(by, organization.entity, "ci", HOOK, signing_secret=secret)
    create_slack_channel(by, organization.entity, "#models", HOOK, workspace="Zoo")
    return saved.integration


def test_integrations_are_listed_by_kind(sdk, hook, org_admin, member):
    answer = sdk(
        """
for who in ("org_admin", "member"):
    answer[who] = [w.url_endpoint for w in api(who).webhook_integrations(entity="smle-reg")]
channels = api("member").slack_integrations(entity="smle-reg")
answer["slack"] = [[one.channel_name, one.team_name] for one in channels]
answer["all"] = sorted(type(i).__name__ for i in api("member").integrations(entity="smle-reg"))
""",
        org_admin=org_admin,
        member=member,
    )
    # A path may be a secret: who does not manage the webhook gets the host alone.
    assert answer == {
        "org_admin": [HOOK],
        "member": ["http://127.0.0.1:9"],
        "slack": [["#models", "Zoo"]],
        "all": ["SlackIntegration", "WebhookIntegration"],
    }


def test_an_automation_is_made_listed_changed_and_deleted(sdk, hook, member):
    answer = sdk(
        """
wanted = ArtifactEvent.alias.matches_regex("^prod")
event = OnAddArtifactAlias(scope=registry("member"), filter=wanted)
action = SendWebhook.from_integration(webhook("member"), payload={"alias": "${alias}"})
made = api("member").create_automation(event >> action, name="tell", description="first")
found = api("member").automation(name="tell", entity="smle-reg")
answer["made"] = [made.name, made.enabled, made.scope.name, str(made.event.filter), found == made]
answer["without entity"] = api("member").automation(name="tell").id == made.id
answer["listed"] = [a.name for a in api("member").automations(entity="smle-reg")]
answer["filtered"] = [a.name for a in api("member").automations(entity="smle-reg", name="other")]
changed = api("member").update_automation(found, description="second")
again = api("member").automation(name="tell", entity="smle-reg")
answer["changed"] = [again.description, str(again.event.filter) == str(made.event.filter)]
off = api("member").update_automation(again, enabled=False)
answer["off"] = off.enabled
on = api("member").update_automation(off, enabled=True)
answer["on"] = [on.enabled, str(on.event.filter) == str(made.event.filter)]
answer["deleted"] = api("member").delete_automation(off)
answer["gone"] = refusal(api("member").automation, name="tell", entity="smle-reg")[0]
answer["twice"] = refusal(api("member").delete_automation, off)
""",
        before=TOOLS,
        member=member,
    )
    kept = answer["made"].pop(3)
    assert "^prod" in kept
    assert answer["made"] == ["tell", True, "wandb-registry-Model", True]
    assert answer["changed"] == ["second", True]
    assert answer["on"] == [True, True]
    assert (answer["without entity"], answer["listed"], answer["filtered"]) == (True, ["tell"], [])
    assert (answer["off"], answer["deleted"], answer["gone"]) == (False, True, "ValueError")
    assert "There is no automation with this id" in answer["twice"][1]
    automation = Automation.objects.get()
    assert automation.deleted_at is not None
    assert automation.template == '{"alias":"${alias}"}'
    assert automation.filter == '{"$or":[{"$and":[{"alias":{"$regex":"^prod"}}]}]}'


def test_every_event_and_action_goes_there_and_comes_back(sdk, hook, member):
    answer = sdk(
        """
here, there, logged, home = (f("member") for f in (registry, collection, sequence, project))
told = {"title": "Moved", "text": "Look", "level": "WARN"}
notify = SendNotification.from_integration(slack("member"), **told)
call = SendWebhook.from_integration(webhook("member"))
ended = RunEvent.state.in_(["finished", "failed"])
good = RunEvent.metric("loss").lt(0.1)
pairs = {
    "alias": OnAddArtifactAlias(scope=there, filter=ArtifactEvent.alias.eq("prod")) >> notify,
    "link": OnLinkArtifact(scope=here) >> call,
    "unlink": OnUnlinkArtifact(scope=there) >> DoNothing(),
    "tag": OnAddArtifactTag(scope=there, filter=ArtifactEvent.tag.eq("zoo")) >> DoNothing(),
    "untag": OnRemoveArtifactTag(scope=here) >> DoNothing(),
    "collection tag": OnAddCollectionTag(scope=here) >> DoNothing(),
    "collection untag": OnRemoveCollectionTag(scope=there) >> DoNothing(),
    "logged": OnCreateArtifact(scope=logged) >> DoNothing(),
    "state": OnRunState(scope=home, filter=ended) >> DoNothing(),
    "metric": OnRunMetric(scope=home, filter=good) >> DoNothing(),
}
for name, pair in pairs.items():
    made = api("member").create_automation(pair, name=name)
    found = api("member").automation(name=name)
    changed = api("member").update_automation(found, description="seen")
    answer[name] = [
        str(found.event.event_type.value), found.scope.name, type(found.action).__name__,
        str(changed.event.filter) == str(made.event.filter),
    ]
saved = api("member").automation(name="alias").action
answer["message"] = [saved.title, saved.message, saved.severity.value]
""",
        before=TOOLS,
        member=member,
    )
    registry, project = "wandb-registry-Model", "zoo_experiment"
    nothing = "SavedNoOpAction"
    assert answer == {
        "alias": ["ADD_ARTIFACT_ALIAS", COLLECTION, "SavedNotificationAction", True],
        "link": ["LINK_MODEL", registry, "SavedWebhookAction", True],
        "unlink": ["UNLINK_ARTIFACT", COLLECTION, nothing, True],
        "tag": ["ADD_ARTIFACT_TAG", COLLECTION, nothing, True],
        "untag": ["REMOVE_ARTIFACT_TAG", registry, nothing, True],
        "collection tag": ["ADD_COLLECTION_TAG", registry, nothing, True],
        "collection untag": ["REMOVE_COLLECTION_TAG", COLLECTION, nothing, True],
        "logged": ["CREATE_ARTIFACT", "zoo_dataset", nothing, True],
        "state": ["RUN_STATE", project, nothing, True],
        "metric": ["RUN_METRIC", project, nothing, True],
        "message": ["Moved", "Look", "WARN"],
    }


def test_a_name_is_taken_once_and_the_one_there_can_be_fetched(sdk, hook, member):
    answer = sdk(
        """
event = OnAddArtifactAlias(scope=registry("member")) >> DoNothing()
made = api("member").create_automation(event, name="tell")
again = api("member").create_automation(event, name="tell", fetch_existing=True)
answer["same"] = made.id == again.id
answer["refused"] = refusal(api("member").create_automation, event, name="tell")
""",
        before=TOOLS,
        member=member,
    )
    assert answer["same"]
    assert answer["refused"][1].startswith("Automation 'tell' exists.")
    assert Automation.objects.count() == 1


def test_what_makes_no_sense_or_is_not_allowed_is_refused_with_a_sentence(
    sdk, hook, member, viewer
):
    with unchanged():
        answer = sdk(
            """
here, there, logged, home = (f("member") for f in (registry, collection, sequence, project))
call = SendWebhook(integration_id=webhook("member").id, request_payload={"a": "${nothing}"})
refused = {
    "average": OnRunMetric(
        scope=home, filter=RunEvent.metric("loss").avg(5).gt(1)) >> DoNothing(),
    "change": OnRunMetric(
        scope=home, filter=RunEvent.metric("loss").changes_by(diff=1)) >> DoNothing(),
    "created in a registry": OnCreateArtifact(scope=there) >> DoNothing(),
    "linked into a sequence": OnLinkArtifact(scope=logged) >> DoNothing(),
    "look-around": OnAddArtifactAlias(
        scope=there, filter=ArtifactEvent.alias.matches_regex("(?=x)")) >> DoNothing(),
    "variable": OnAddArtifactAlias(scope=there) >> call,
    "wrong kind": OnAddArtifactAlias(scope=there) >> SendNotification(
        integration_id=webhook("member").id),
}
for name, pair in refused.items():
    answer[name] = refusal(api("member").create_automation, pair, name=name)[1]
pair = OnAddArtifactAlias(scope=there) >> DoNothing()
answer["viewer"] = refusal(api("viewer").create_automation, pair, name="x")[1]
""",
            before=TOOLS,
            member=member,
            viewer=viewer,
        )
    assert "keeps the last value of each metric" in answer["average"]
    assert "keeps the last value of each metric" in answer["change"]
    assert "starts from one collection that runs log into" in answer["created in a registry"]
    assert "nothing is linked into it" in answer["linked into a sequence"]
    assert "Patterns are RE2" in answer["look-around"]
    assert "there is no variable ${nothing}" in answer["variable"]
    assert "Choose a Slack channel for this" in answer["wrong kind"]
    assert "Only members and admins of Model can create" in answer["viewer"]


def test_a_webhook_is_made_with_secrets_named_by_the_sdk(sdk, hook, org_admin, member):
    answer = sdk(
        """
from wandb.automations._generated import CREATE_GENERIC_WEBHOOK_INTEGRATION_GQL as document
from wandb.automations._generated import CreateGenericWebhookIntegration

def make(who, **more):
    fields = {"entityName": "smle-reg", "name": "second", "urlEndpoint": given["url"]} | more
    return api(who)._service_api.execute_graphql(document, variables={"input": fields})

answer["made"] = "second" in str(make("org_admin", secretRef="SIGNING"))
answer["unknown"] = refusal(make, "org_admin", name="third", secretRef="NOTHING")[1]
answer["metadata"] = refusal(make, "org_admin", name="third", urlEndpoint="http://169.254.169.254/")[1]
answer["member"] = refusal(make, "member", name="third")[1]
""",
        before=TOOLS,
        org_admin=org_admin,
        member=member,
        url=HOOK,
    )
    assert answer["made"]
    assert "smle-reg has no secret NOTHING." in answer["unknown"]
    assert "must not be called" in answer["metadata"]
    assert "Only admins of smle-reg can change its integrations" in answer["member"]
    assert Integration.objects.get(name="second").signing_secret.name == "SIGNING"


def test_a_metric_that_passes_its_threshold_is_told_while_the_run_reports(sdk, hook, member):
    sdk(
        """
with started("member") as run:
    pass
below = OnRunMetric(scope=project("member"), filter=RunEvent.metric("loss").lt(0.1))
call = SendWebhook.from_integration(webhook("member"))
api("member").create_automation(below >> call, name="good")
with started("member", name="first try") as run:
    run.log({"loss": 0.5})
    run.log({"loss": 0.05})
with started("member", name="never") as run:
    run.log({"loss": 0.5})
""",
        before=TOOLS,
        member=member,
    )
    told = Automation.objects.get().deliveries.get().happening.facts
    assert told["metric"] == {"name": "loss", "value": 0.05}
    assert told["run"]["display_name"] == "first try"


def test_a_script_adds_production_and_the_receiver_is_told(
    sdk, settings, org_admin, organization, member, version
):
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    got: Queue = Queue()

    def answer(handler, one):
        got.put(one)
        answer_with(handler, 200)

    by, secret = caller_of(org_admin), new_signing_secret()
    kept = create_secret(by, organization.entity, "SIGNING", secret)
    with receiving(answer) as receiver, at_work():
        create_webhook(by, organization.entity, "ci", receiver.url, signing_secret=kept)
        sdk(
            """
event = OnAddArtifactAlias(scope=collection("member"), filter=ArtifactEvent.alias.eq("production"))
call = SendWebhook.from_integration(webhook("member"))
api("member").create_automation(event >> call, name="deploy")
found = api("member").artifact("smle-reg/wandb-registry-Model/Zoo_Classifier_Models:v0")
found.aliases.append("other")
found.aliases.append("production")
found.save()
""",
            before=TOOLS,
            member=member,
        )
        one = got.get(timeout=60)
    told = Webhook(secret).verify(one.body, one.headers)
    assert (told["type"], told["data"]["alias"], told["data"]["way"]) == (
        "alias.added",
        "production",
        "sdk",
    )
    signature = hmac.digest(secret.encode(), one.body, hashlib.sha256)
    assert one.headers["x-wandb-signature"] == base64.b64encode(signature).decode()
    assert got.empty()


def test_whoever_may_edit_an_automation_changes_it_by_a_script_too(
    sdk, hook, registry, member, guest, admin
):
    """A guest is told of no integration of the organization, and others not of a person's own."""
    filter_text = '{"$or": [{"$and": [{"alias": {"$regex": "^prod"}}]}]}'
    template = '{ "alias": "${alias}" }'
    own = create_webhook(caller_of(admin), admin.entity, "own", HOOK).integration
    for name, by, webhook in (("shared", member, hook), ("of admin", admin, own)):
        create_automation(
            caller_of(by),
            registry.project,
            name,
            "alias.added",
            CallWebhook(webhook, template),
            filter=filter_text if by == admin else "",
        )
    answer = sdk(
        """
shared = api("guest").automation(name="shared", entity="smle-reg")
answer["off"] = api("guest").update_automation(shared, enabled=False).enabled
answer["named"] = api("guest").update_automation(shared, name="ours").name
answer["of admin"] = []
for who in ("member", "guest"):
    own = api(who).automation(name="of admin", entity="smle-reg")
    answer["of admin"].append(api(who).update_automation(own, enabled=who == "guest").enabled)
    answer[who] = refusal(api(who).update_automation, own, name="mine")[1]
made = OnLinkArtifact(scope=shared.scope) >> SendWebhook(
    integration_id=shared.action.integration.id, request_payload={"a": "${url}"}
)
answer["made"] = api("guest").create_automation(made, name="guests").name
""",
        before=TOOLS,
        member=member,
        guest=guest,
    )
    refused = {answer.pop("member"), answer.pop("guest")}
    assert answer == {"off": False, "named": "ours", "of admin": [False, True], "made": "guests"}
    assert all("calls an integration of" in sentence for sentence in refused)
    kept = Automation.objects.get(name="of admin")
    assert (kept.filter, kept.template, kept.enabled) == (filter_text, template, True)
    assert Automation.objects.get(name="ours").template == template
