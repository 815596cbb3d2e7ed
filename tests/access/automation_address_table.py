"""The rows of automations, their messages, integrations and secrets.

`ids` of the test makes them with `tests.access.automated`: those of `smle-reg` belong to the
admin of the organization, `automation` is on the registry Model and calls `webhook`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.access.address_rows import (
    ADMINS,
    MEMBERS,
    READ_THE_SOURCE,
    Row,
    change,
    judged,
    read,
)
from tests.access.project_address_table import PROJECT, SEQUENCE, done, everybody, seen

IN_THE_ORGANIZATION = READ_THE_SOURCE | {"viewer", "org_viewer"}
ORGANIZATION = {"organization": "smle-reg"}
REGISTRY = ORGANIZATION | {"registry": "Model"}
COLLECTION = REGISTRY | {"collection": "Zoo_Classifier_Models"}
OWNER = frozenset({"org_admin"})
ENTITY = {"entity": "smle-reg"}
WEBHOOK = ENTITY | {"integration": "{webhook}"}
UNUSED = ENTITY | {"integration": "{unused}"}
SLACK = ENTITY | {"integration": "{slack}"}
SECRET = ENTITY | {"secret": "{secret}"}
HOME = {"home": "{home}"}
AUTOMATION = {"automation": "{automation}"}
DELIVERY = {"delivery": "{delivery}"}
TEXT = {"event_kind": "alias.added", "action": "nothing", "name": "n", "enabled": "yes"}


def managed(
    name: str, at: Mapping[str, str | int], body: Mapping[str, str] | None = None, answer: int = 303
) -> Row:
    """A form for admins of the organization alone; its members know of the thing."""
    return Row(name, judged(OWNER, answer, IN_THE_ORGANIZATION), at, "POST", body or {})


def form(name: str, at: Mapping[str, str | int]) -> Row:
    return Row(name, judged(OWNER, 200, IN_THE_ORGANIZATION), at)


AUTOMATION_ROWS = (
    # Integrations and secrets
    Row("integrations", judged(IN_THE_ORGANIZATION, 200, frozenset()), ENTITY),
    form("create-webhook", ENTITY),
    managed(
        "create-webhook",
        ENTITY,
        {"name": "n", "url": "http://n.invalid/"} | {"signature_encoding": "base64"},
    ),
    form("edit-webhook", WEBHOOK),
    managed(
        "edit-webhook",
        WEBHOOK,
        {"name": "n", "url": "http://n.invalid/"} | {"signature_encoding": "hex"},
    ),
    form("check-signature", WEBHOOK),
    managed("check-signature", WEBHOOK, {"headers": "webhook-id: 1", "body": "x"}, 200),
    form("create-slack-channel", ENTITY),
    managed("create-slack-channel", ENTITY, {"channel": "#n", "url": "http://n.invalid/"}),
    form("edit-slack-channel", SLACK),
    managed("edit-slack-channel", SLACK, {"channel": "#n"}),
    # The receiver's port is closed: an answer without a status is shown all the same.
    managed("test-integration", WEBHOOK, answer=200),
    managed("switch-integration", WEBHOOK),
    form("delete-integration", UNUSED),
    managed("delete-integration", UNUSED),
    managed("create-secret", ENTITY, {"name": "N", "value": "long enough"}),
    managed("rotate-secret", SECRET, {"value": "long enough too"}),
    managed("finish-rotation", SECRET),
    form("delete-secret", ENTITY | {"secret": "{free_secret}"}),
    managed("delete-secret", ENTITY | {"secret": "{free_secret}"}),
    # Lists
    read("organization-automations", ORGANIZATION),
    form("organization-deliveries", ORGANIZATION),
    read("registry-automations", REGISTRY),
    read("collection-automations", COLLECTION),
    seen("project-automations", PROJECT),
    seen("project-collection-automations", SEQUENCE),
    # One automation
    read("create-automation", HOME, MEMBERS),
    change("create-automation", HOME, MEMBERS, TEXT),
    read("pattern-matches", HOME, MEMBERS),
    Row("preview-message", judged(MEMBERS, 200), HOME, "POST", TEXT),
    read("automation", AUTOMATION),
    read("edit-automation", AUTOMATION, MEMBERS),
    change("edit-automation", AUTOMATION, MEMBERS, TEXT),
    change("switch-automation", AUTOMATION, MEMBERS),
    read("delete-automation", AUTOMATION, MEMBERS),
    change("delete-automation", AUTOMATION, MEMBERS),
    Row("test-automation", judged(MEMBERS, 200), AUTOMATION, "POST"),
    change("send-failed-again", AUTOMATION, MEMBERS, {"since": "2026-01-01"}),
    # Messages: who may not edit automations learns nothing of requests and answers.
    read("registry-deliveries", REGISTRY, MEMBERS),
    change("registry-send-all-failed-again", REGISTRY, MEMBERS, {"since": "2026-01-01"}),
    seen("project-deliveries", PROJECT),
    done("project-send-all-failed-again", PROJECT, {"since": "2026-01-01"}),
    Row("delivery", judged(MEMBERS, 200, MEMBERS), DELIVERY),
    Row("send-again", judged(MEMBERS, 303, MEMBERS), DELIVERY, "POST"),
    # Everybody has a page of notes; what stands on it is for admins.
    Row("notes", everybody(200)),
    Row("dismiss-note", judged(ADMINS, 303, frozenset()), {"note": "{note}"}, "POST"),
)
