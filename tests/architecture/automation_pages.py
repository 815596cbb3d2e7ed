"""The pages of automations: what each costs, and a crowd of messages to count them with."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from automations.filters import filter_of_pattern
from automations.kinds import EventKind
from automations.models import (
    Automation,
    Delivery,
    DeliveryAttempt,
    Happening,
    Integration,
    Note,
    Secret,
)
from registries.models import Version
from tests.access.automated import rows
from tests.things import put

ORGANIZATION = {"organization": "smle-reg"}
REGISTRY = ORGANIZATION | {"registry": "Model"}
PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
ENTITY = {"entity": "smle-reg"}
AUTOMATION = {"automation": "{automation}"}
HOME = {"home": "{home}"}

# For an admin of the organization.
AUTOMATION_PAGES: dict[tuple[str, str], tuple[dict[str, str | int], int]] = {
    ("integrations", ""): (ENTITY, 8),
    ("integrations", "?webhook=w&webhook-sort=used&secret=s&secret-sort=newest"): (ENTITY, 8),
    ("organization-automations", ""): (ORGANIZATION, 4),
    ("organization-automations", "?filter=tell"): (ORGANIZATION, 4),
    ("organization-automations", "?state=on&sort=message"): (ORGANIZATION, 4),
    ("registry-automations", ""): (REGISTRY, 8),
    ("registry-automations", "?filter=tell&state=on&sort=newest"): (REGISTRY, 8),
    ("collection-automations", ""): (REGISTRY | {"collection": "Zoo_Classifier_Models"}, 8),
    ("project-automations", ""): (PROJECT, 9),
    ("project-collection-automations", ""): (PROJECT | {"collection": "zoo_dataset"}, 8),
    ("create-automation", "?alias=production"): (HOME, 9),
    ("pattern-matches", "?event_kind=alias.added&pattern=pro"): (HOME, 7),
    ("pattern-matches", "?event_kind=version.tag_added&pattern=z"): (HOME, 6),
    ("automation", ""): (AUTOMATION, 7),
    ("automation", "?state=dead&alias=told&since=2020-01-01"): (AUTOMATION, 7),
    ("edit-automation", ""): (AUTOMATION, 9),
    ("delete-automation", ""): (AUTOMATION, 6),
    ("organization-deliveries", ""): (ORGANIZATION, 5),
    ("organization-deliveries", "?state=dead&sort=oldest"): (ORGANIZATION, 5),
    ("registry-deliveries", ""): (REGISTRY, 7),
    ("registry-deliveries", "?automation=tell"): (REGISTRY, 7),
    ("registry-deliveries", "?sort=oldest"): (REGISTRY, 7),
    ("project-deliveries", ""): (PROJECT, 8),
    ("delivery", ""): ({"delivery": "{delivery}"}, 7),
    ("notes", ""): ({}, 4),
    ("notes", "?filter=1&kind=dead&sort=count"): ({}, 4),
}
# Forms for admins of the organization, with no list that could grow but that of secrets.
FORMS_OF_INTEGRATIONS = {
    "create-webhook",
    "edit-webhook",
    "check-signature",
    "create-slack-channel",
    "edit-slack-channel",
    "delete-integration",
    "delete-secret",
}


def automated(org_admin: User, member: User, version: Version) -> None:
    """An automation called `tell`, and a message of it that was tried once."""
    made = rows({"org_admin": org_admin}, _organization(version), version)
    put(member, version, "told")
    message = Delivery.objects.filter(automation=made["automation"]).latest("pk")
    DeliveryAttempt.objects.create(delivery=message, number=1, status=500)


def ids_for(at: dict[str, str | int]) -> dict[str, str | int]:
    """What stands in the places of `{automation}`, `{delivery}` and `{home}`."""
    tell = Automation.objects.get(name="tell")
    found = {
        "automation": tell.pk,
        "delivery": DeliveryAttempt.objects.earliest("pk").delivery_id,
        "home": tell.project_id or 0,
    }
    return {name: found[name] for name in found if name in at}


def _organization(version: Version) -> Any:
    return version.collection.project.registry.organization


def crowd_automations(at_most: int = 1_000) -> None:
    """A thousand automations and messages, and hundreds of integrations; no more than so many of
    each. The automations wait for an alias each, and `tell` for any."""
    some, few = min(300, at_most), min(200, at_most)
    tell = Automation.objects.get(name="tell")
    tried = Delivery.objects.get(pk=DeliveryAttempt.objects.earliest("pk").delivery_id)
    by, entity = tell.created_by, tell.entity
    Secret.objects.bulk_create(
        [Secret(entity=entity, name=f"S{n}", ciphertext="x", created_by=by) for n in range(some)]
    )
    Integration.objects.bulk_create(
        [
            Integration(
                entity=entity, kind="webhook", name=f"w{n}", url="http://n.invalid/", created_by=by
            )
            for n in range(some)
        ]
    )
    Automation.objects.bulk_create([_like(tell, n) for n in range(at_most)])
    Note.objects.bulk_create(
        [
            Note(entity=entity, project=tell.project, automation=tell, kind="dead", text=f"{n}")
            for n in range(some)
        ]
    )
    told = tried.happening
    happenings = Happening.objects.bulk_create([_happening(told, n) for n in range(at_most)])
    messages = Delivery.objects.bulk_create(
        [
            Delivery(
                happening=happening,
                automation=tell,
                integration=tell.integration,
                project=tell.project,
                alias="told",
                state="dead" if n % 2 else "pending",
            )
            for n, happening in enumerate(happenings)
        ]
    )
    messages += Delivery.objects.bulk_create(_left_behind(tell, happenings[:some]))
    DeliveryAttempt.objects.bulk_create(
        [DeliveryAttempt(delivery=one, number=1, status=500) for one in messages]
        + [DeliveryAttempt(delivery=tried, number=n + 2) for n in range(few)]
    )


def _left_behind(tell: Automation, happenings: list[Happening]) -> list[Delivery]:
    """Messages of an automation whose registry is deleted."""
    ended = _like(tell, -1)
    ended.project, ended.deleted_at = None, tell.created_at
    ended.save()
    return [
        Delivery(happening=one, automation=ended, alias="told", state="dead") for one in happenings
    ]


def _like(tell: Automation, n: int) -> Automation:
    return Automation(
        entity=tell.entity,
        name=f"tell-{n}",
        scope=tell.scope,
        project=tell.project,
        event_kind=tell.event_kind,
        filter=filter_of_pattern(EventKind(tell.event_kind), f"^awaited-{n}$"),
        action=tell.action,
        integration=tell.integration,
        created_by=tell.created_by,
    )


def _happening(told: Happening, n: int) -> Happening:
    return Happening(kind=told.kind, facts=told.facts, event=told.event, key=f"{n:032x}")
