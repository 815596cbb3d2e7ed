from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.utils import timezone

from artifacts.models import Run
from artifacts.operations.runs import extend_run, finish_run, start_run
from automations.actions import CallWebhook, DoNothing
from automations.models import Automation, Delivery, Happening, Integration
from automations.operations.automations import (
    create_automation,
    delete_automation,
    edit_automation,
)
from automations.operations.deliveries import send_again
from automations.operations.integrations import create_webhook, switch_off, switch_on
from automations.operations.trials import try_automation
from registries.operations.collections import delete_collection
from registries.operations.members import add_member, remove_member
from registries.operations.registries import delete_registry
from registries.operations.versions import unlink_version
from registries.roles import Role
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.things import link, log, put


class Undone(Exception):
    pass


def kinds() -> list[str]:
    return list(Happening.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def listen(member, registry):
    def listen(kind: str, scope=None, action=None, **options) -> Automation:
        name = f"{kind} {Automation.objects.count()}"
        scope = scope or registry.project
        return create_automation(
            caller_of(member), scope, name, kind, action or DoNothing(), **options
        )

    return listen


def test_added_includes_moved_to_this_version(version, second_version, member, listen):
    added, moved = listen("alias.added"), listen("alias.moved")
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    assert (added.deliveries.count(), moved.deliveries.count()) == (2, 1)
    assert kinds() == ["alias.added", "alias.moved"]


def test_a_change_that_is_rolled_back_leaves_no_delivery(version, member, automation):
    before = Delivery.objects.count()
    with pytest.raises(Undone), transaction.atomic():
        put(member, version, "candidate")
        assert Delivery.objects.count() == before + 1
        raise Undone
    assert Delivery.objects.count() == before


def test_a_link_is_heard_by_the_aliases_it_brings(version, second_source, registry, member, listen):
    filters = {alias: json.dumps({"alias": alias}) for alias in ("best", "other", "latest")}
    listening = {alias: listen("version.linked", filter=text) for alias, text in filters.items()}
    link(member, second_source.artifact, registry, "best")
    counts = {alias: one.deliveries.count() for alias, one in listening.items()}
    assert counts == {"best": 1, "other": 0, "latest": 1}


@pytest.mark.parametrize("old", ["[" * 60_000, '{"alias": {"$gt": [["a"]]}}', "nonsense"])
def test_a_filter_from_before_that_cannot_be_read_stops_no_alias(
    version, member, automation, listen, caplog, old
):
    unreadable = listen("alias.added", filter='{"alias": "candidate"}')
    Automation.objects.filter(pk=unreadable.pk).update(filter=old)
    put(member, version, "candidate")
    assert version.aliases.filter(name="candidate").exists()
    assert automation.deliveries.count() == 1
    assert not unreadable.deliveries.exists()
    assert "filter_unreadable" in caplog.text


def test_an_automation_whose_filter_cannot_be_read_is_switched_off(member, listen):
    unreadable = listen("alias.added")
    Automation.objects.filter(pk=unreadable.pk).update(filter="nonsense")
    assert not edit_automation(caller_of(member), unreadable, enabled=False).enabled


def test_a_filter_from_before_that_cannot_be_read_stops_no_run(project, member, listen):
    states, metrics = listen("run.state", project), listen("run.state", project)
    Automation.objects.filter(pk=metrics.pk).update(event_kind="run.metric", filter="nonsense")
    Automation.objects.filter(pk=states.pk).update(filter="nonsense")
    run = start_run(caller_of(member), project)
    extend_run(caller_of(member), run, counts={}, summary={"loss": 1}, state=None)
    finish_run(caller_of(member), run)
    assert not Delivery.objects.exists()


def test_a_collection_hears_itself_and_a_registry_its_future_collections(
    version, second_source, registry, member, listen
):
    of_registry = listen("version.linked")
    of_collection = listen("version.linked", version.collection)
    link(member, second_source.artifact, registry, name="Brand_New")
    assert (of_registry.deliveries.count(), of_collection.deliveries.count()) == (1, 0)
    link(member, second_source.artifact, registry)
    assert (of_registry.deliveries.count(), of_collection.deliveries.count()) == (2, 1)


def test_what_is_off_or_deleted_hears_nothing(version, member, listen):
    off, deleted = listen("alias.added", enabled=False), listen("alias.added")
    delete_automation(caller_of(member), deleted)
    put(member, version, "candidate")
    assert not Delivery.objects.exists()
    edit_automation(caller_of(member), off, enabled=True)
    put(member, version, "second")
    assert Delivery.objects.get().state == "nothing"


def test_deleting_an_automation_cancels_what_it_has_not_sent(version, automation, member, receiver):
    put(member, version, "candidate")
    delete_automation(caller_of(member), automation)
    deliver()
    assert Delivery.objects.get().state == "cancelled"
    assert receiver.got == []


def test_the_end_of_a_collection_is_told_and_ends_its_automations(
    version, webhook, member, listen, receiver
):
    ending = listen("version.unlinked", version.collection, CallWebhook(webhook))
    delete_collection(caller_of(member), version.collection)
    deliver()
    assert [json.loads(got.body)["type"] for got in receiver.got] == ["version.unlinked"]
    ending.refresh_from_db()
    assert ending.deleted_at is not None
    listen("version.unlinked", action=DoNothing())


def test_the_end_of_a_registry_is_told_and_frees_the_names(
    source, organization, org_admin, webhook, receiver
):
    from registries.operations.registries import create_registry

    by = caller_of(org_admin)
    own = create_registry(by, organization, "Own")
    link(org_admin, source.artifact, own)
    create_automation(by, own.project, "n", "version.unlinked", CallWebhook(webhook))
    delete_registry(by, own)
    deliver()
    assert len(receiver.got) == 1
    again = create_registry(by, organization, "Own")
    create_automation(by, again.project, "n", "version.unlinked", CallWebhook(webhook))


def test_runs_tell_of_their_states(project, member, listen):
    text = json.dumps({"run_filter": "{}", "run_state_filter": {"states": ["FAILED", "RUNNING"]}})
    listening = listen("run.state", project, filter=text)
    run = start_run(caller_of(member), project)
    finish_run(caller_of(member), run, Run.State.CRASHED)
    finish_run(caller_of(member), run, Run.State.CRASHED)
    finish_run(caller_of(member), run, Run.State.FINISHED)
    states = [one.happening.facts["run"]["state"] for one in listening.deliveries.order_by("pk")]
    assert states == ["running", "crashed"]


def threshold(name: str, operator: str, number: float, run_filter: str = "{}") -> str:
    wanted = {"name": name, "agg_op": None, "window_size": 1}
    wanted |= {"cmp_op": operator, "threshold": number}
    return json.dumps({"run_filter": run_filter, "run_metric_filter": {"threshold_filter": wanted}})


def test_a_metric_is_told_of_each_time_it_passes_its_threshold(project, member, listen):
    by = caller_of(member)
    below = listen("run.metric", project, filter=threshold("loss", "$lt", 0.1))
    nested = listen("run.metric", project, filter=threshold("acc.max", "$gte", 1))
    other = json.dumps({"display_name": "other"})
    listen("run.metric", project, filter=threshold("loss", "$lt", 0.1, other))
    run = start_run(by, project, display_name="zoo")
    told = []
    for summary in (
        {"loss": 0.5},
        {"loss": 0.09, "acc": {"max": 0.5}},
        {"loss": 0.08, "acc": {"max": 1}},
        {"loss": "low", "acc": {"max": True}},
        {"loss": 0.2},
        {"loss": 0.07},
    ):
        extend_run(by, run, counts={}, summary=summary, state=None)
        told.append(Delivery.objects.count())
    assert told == [0, 1, 2, 2, 2, 3]
    values = [one.happening.facts["metric"]["value"] for one in below.deliveries.order_by("pk")]
    assert values == [0.09, 0.07]
    assert nested.deliveries.get().happening.facts["metric"] == {"name": "acc.max", "value": 1}


def test_true_that_becomes_1_passes_a_threshold(project, member, listen):
    run = start_run(caller_of(member), project)
    told = listen("run.metric", project, filter=threshold("acc", "$gte", 1))
    for value in (True, 1):
        extend_run(caller_of(member), run, counts={}, summary={"acc": value}, state=None)
    assert told.deliveries.count() == 1


def test_a_logged_version_is_heard_by_its_collection(source, project, member, listen):
    listening = listen("artifact.created", source.collection)
    log(member, project, "next")
    assert listening.deliveries.count() == 1


def test_templates_get_the_metadata_they_ask_for(
    project, registry, member, webhook, listen, receiver
):
    template = json.dumps({"a": "${artifact_metadata.rows}", "b": "${artifact_metadata.x.y}"})
    listen("version.linked", action=CallWebhook(webhook, template))
    metadata = {"rows": 101, "x": {"y": ["z"]}, "secret": "not asked for"}
    link(member, log(member, project, "text", metadata=metadata).artifact, registry)
    deliver()
    assert json.loads(receiver.got[0].body) == {"a": "101", "b": '["z"]'}
    assert set(Happening.objects.get().facts["metadata"]) == {"rows", "x.y"}


@pytest.fixture
def told_of_accuracy(project, registry, member, automation, webhook):
    """An alias was added to a version, and then the template was to tell its accuracy."""
    logged = log(member, project, "text", metadata={"accuracy": 0.93})
    version = link(member, logged.artifact, registry)
    put(member, version, "candidate")
    template = '{"accuracy": "${artifact_metadata.accuracy}", "no": "${artifact_metadata.no}"}'
    edit_automation(caller_of(member), automation, action=CallWebhook(webhook, template))
    return version


def test_a_template_that_asks_for_more_metadata_gets_it_for_what_happened_before(
    told_of_accuracy, automation, member, receiver
):
    deliver()
    try_automation(caller_of(member), automation)
    send_again(caller_of(member), Delivery.objects.latest("pk"))
    deliver()
    bodies = [json.loads(got.body) for got in receiver.got]
    assert bodies == [{"accuracy": "0.93", "no": ""}] * len(bodies)
    assert len(bodies) >= 3


def test_metadata_of_a_version_that_is_gone_is_nothing(
    told_of_accuracy, automation, member, receiver
):
    unlink_version(caller_of(member), told_of_accuracy)
    try_automation(caller_of(member), automation)
    assert json.loads(receiver.got[-1].body) == {"accuracy": "", "no": ""}


def test_what_waits_is_called_what_it_was_when_its_automation_listens_to_another_event(
    version, second_version, automation, webhook, member, receiver
):
    template = '{"event": "${event_type}", "alias": "${alias}"}'
    edit_automation(caller_of(member), automation, action=CallWebhook(webhook, template))
    put(member, version, "candidate")
    put(member, second_version, "candidate")
    deliver()
    edit_automation(caller_of(member), automation, kind="version.tag_added")
    for told in Delivery.objects.order_by("pk"):
        send_again(caller_of(member), told)
        deliver()
    names = [json.loads(got.body)["event"] for got in receiver.got]
    # A move is heard by what listens to “An alias is added”, and is called so there.
    assert names == ["ADD_ARTIFACT_ALIAS"] * 3 + ["UPDATE_ARTIFACT_ALIAS"]


def test_a_webhook_that_is_off_misses_it_visibly(version, webhook, automation, member, org_admin):
    switch_off(caller_of(org_admin), webhook)
    put(member, version, "candidate")
    delivery = Delivery.objects.latest("pk")
    assert (delivery.state, delivery.note) == (
        "dead",
        "ci is switched off: Switched off by org-admin.",
    )


def test_switching_a_webhook_off_gives_up_what_waits_for_it(
    version, webhook, automation, member, org_admin, receiver
):
    put(member, version, "candidate")
    switch_off(caller_of(org_admin), webhook)
    deliver()
    told = Delivery.objects.get()
    assert (told.state, told.note) == ("dead", "ci is switched off: Switched off by org-admin.")
    assert receiver.got == []
    switch_on(caller_of(org_admin), webhook)
    send_again(caller_of(member), told)
    deliver()
    assert receiver.ids() == [told.webhook_id]


def test_nothing_is_sent_to_a_webhook_that_was_switched_off_while_the_alias_moved(
    version, webhook, automation, member, receiver
):
    """The change read that it was on, and commits after it was switched off."""
    put(member, version, "candidate")
    Integration.objects.filter(pk=webhook.pk).update(
        switched_off_at=timezone.now(), switched_off_because="Switched off by org-admin."
    )
    deliver()
    assert Delivery.objects.get().state == "dead"
    assert receiver.got == []


def test_a_persons_own_webhook_is_told_no_more_than_the_person_sees(
    version, registry, guest, org_admin, receiver, member
):
    own = create_webhook(caller_of(guest), guest.entity, "own", receiver.url).integration
    create_automation(caller_of(guest), registry.project, "n", "alias.added", CallWebhook(own))
    put(member, version, "candidate")
    deliver()
    assert len(receiver.got) == 1
    put(member, version, "second")
    remove_member(caller_of(org_admin), registry, guest)
    deliver()
    assert len(receiver.got) == 1
    assert "guest no longer sees" in Delivery.objects.latest("pk").note


def test_it_is_the_owner_of_a_webhook_who_has_to_see_what_it_is_told(
    version, automation, registry, guest, org_admin, receiver, member
):
    """The automation was made by somebody else, who still sees the registry."""
    own = create_webhook(caller_of(guest), guest.entity, "own", receiver.url).integration
    edit_automation(caller_of(guest), automation, action=CallWebhook(own))
    remove_member(caller_of(org_admin), registry, guest)
    put(member, version, "candidate")
    deliver()
    assert receiver.got == []
    assert "guest no longer sees" in Delivery.objects.get().note


@pytest.fixture
def hidden_with_own(restricted_registry, member, org_admin, receiver, source):
    """A version in a restricted registry, whose Member hears of its aliases on a webhook of their
    own."""
    add_member(caller_of(org_admin), restricted_registry, member, Role.MEMBER)
    found = link(org_admin, source.artifact, restricted_registry)
    own = create_webhook(caller_of(member), member.entity, "own", receiver.url).integration
    for kind in ("alias.added", "alias.removed", "version.unlinked"):
        create_automation(
            caller_of(member), restricted_registry.project, kind, kind, CallWebhook(own)
        )
    return found


def test_who_was_removed_is_not_told_what_a_registry_held_when_it_ends(
    hidden_with_own, restricted_registry, member, org_admin, receiver
):
    remove_member(caller_of(org_admin), restricted_registry, member)
    put(org_admin, hidden_with_own, "release")
    told = Delivery.objects.get()
    note = "member no longer sees what this tells of."
    assert (told.state, told.note, told.finished_at is None) == ("dead", note, False)
    delete_registry(caller_of(org_admin), restricted_registry)
    deliver()
    assert receiver.got == []
    assert set(Delivery.objects.values_list("state", "note")) == {("dead", note)}


def test_what_waits_for_who_was_removed_ends_with_the_registry(
    hidden_with_own, restricted_registry, member, org_admin, receiver
):
    put(org_admin, hidden_with_own, "release")
    remove_member(caller_of(org_admin), restricted_registry, member)
    delete_registry(caller_of(org_admin), restricted_registry)
    deliver()
    assert receiver.got == []
    assert not Delivery.objects.exclude(state="dead").exists()


def test_who_sees_a_registry_to_its_end_is_told_of_the_end(
    hidden_with_own, restricted_registry, member, org_admin, receiver
):
    delete_registry(caller_of(org_admin), restricted_registry)
    deliver()
    told = {json.loads(got.body)["type"] for got in receiver.got}
    assert told == {"alias.removed", "version.unlinked"}


def test_what_waits_when_an_automation_moves_is_for_who_sees_where_it_happened(
    version, second_source, registry, restricted_registry, member, org_admin, receiver
):
    by = caller_of(member)
    add_member(caller_of(org_admin), restricted_registry, member, Role.MEMBER)
    own = create_webhook(by, member.entity, "own", receiver.url).integration
    home = restricted_registry.project
    moved = create_automation(by, home, "n", "alias.added", CallWebhook(own))
    put(member, link(member, second_source.artifact, restricted_registry), "hidden")
    edit_automation(by, moved, scope=registry.project)
    remove_member(caller_of(org_admin), restricted_registry, member)
    put(member, version, "candidate")
    deliver()
    states = dict(Delivery.objects.values_list("alias", "state"))
    assert (states["hidden"], states["candidate"]) == ("dead", "delivered")
