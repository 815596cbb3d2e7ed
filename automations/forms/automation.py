"""The form of an automation: what was typed, and what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import QueryDict

from accounts.errors import Invalid
from accounts.models import User
from artifacts.models import Project
from automations.actions import Action, CallWebhook, DoNothing, TellSlack
from automations.filters import filter_of_pattern, pattern_of_filter
from automations.fingerprints import fingerprint_of
from automations.kinds import EventKind
from automations.models import Automation, Integration
from automations.permissions import usable_integrations
from registries.forms.typed import plain
from registries.models import Collection
from registries.queries.terms import askable

FIELDS = (
    "collection",
    "event_kind",
    "pattern",
    "filter",
    "action",
    "webhook",
    "slack",
    "template",
    "title",
    "message",
    "severity",
    "name",
    "description",
    "enabled",
    "was_enabled",
    "seen",
)
KEEP_SPACES = frozenset({"template", "message", "description", "filter"})


@dataclass(frozen=True)
class TypedAutomation:
    """By the names of the fields; `seen` is the fingerprint of what the form showed. An automation
    from the SDK may have a `filter` that is more than a pattern; it is then edited as JSON."""

    values: dict[str, str]

    @classmethod
    def sent(cls, form: QueryDict) -> TypedAutomation:
        values = {name: plain(form.get(name, "")) for name in FIELDS}
        return cls(
            {name: text if name in KEEP_SPACES else text.strip() for name, text in values.items()}
        )

    @classmethod
    def fresh(cls, address: QueryDict) -> TypedAutomation:
        """A new one, begun from a collection or an alias."""
        alias = address.get("alias", "")[:128]
        values = dict.fromkeys(FIELDS, "") | {
            "collection": address.get("collection", "")[:128],
            "event_kind": EventKind.ALIAS_ADDED.value,
            "action": Automation.Action.WEBHOOK.value,
            "severity": Automation.Severity.INFO.value,
            "enabled": "yes",
        }
        if alias:
            values |= {"pattern": f"^{re.escape(alias)}$", "name": f"When {alias} moves"}
        return cls(values)

    @classmethod
    def of(cls, automation: Automation) -> TypedAutomation:
        pattern = pattern_of_filter(automation.filter)
        integration = str(automation.integration_id or "")
        is_slack = automation.action == Automation.Action.SLACK
        return cls(
            {
                "collection": automation.collection.name if automation.collection else "",
                "event_kind": automation.event_kind,
                "pattern": pattern or "",
                "filter": automation.filter if pattern is None else "",
                "action": automation.action,
                "webhook": "" if is_slack else integration,
                "slack": integration if is_slack else "",
                "template": automation.template,
                "title": automation.title,
                "message": automation.message,
                "severity": automation.severity,
                "name": automation.name,
                "description": automation.description or "",
                "enabled": "yes" if automation.enabled else "",
                "was_enabled": "yes" if automation.enabled else "no",
                "seen": fingerprint_of(automation),
            }
        )

    def scope(self, project: Project, home_name: str) -> Collection | None:
        """The collection named, None for the whole home."""
        name = askable(self.values["collection"])
        if not name:
            return None
        found = Collection.objects.filter(project=project, name=name).first()
        if found is None:
            raise Invalid(
                "collection",
                f"{home_name} has no collection “{name[:128]}”.",
                field="collection",
            )
        found.project = project
        return found

    def switched(self) -> bool | None:
        """Whether it is to be on; None where that stands as the form showed it."""
        enabled = bool(self.values["enabled"])
        shown = self.values["was_enabled"]
        return None if shown == ("yes" if enabled else "no") else enabled

    def kept_filter(self) -> str:
        if self.values["filter"]:
            return self.values["filter"]
        kind = self.values["event_kind"]
        if kind not in EventKind.values:
            return ""
        return filter_of_pattern(EventKind(kind), self.values["pattern"])

    def chosen_action(self, user: User, project: Project) -> Action:
        if self.values["action"] == Automation.Action.WEBHOOK:
            return CallWebhook(self.integration(user, project, "webhook"), self.values["template"])
        if self.values["action"] == Automation.Action.SLACK:
            return TellSlack(
                self.integration(user, project, "slack"),
                self.values["title"],
                self.values["message"],
                self.values["severity"] or Automation.Severity.INFO,
            )
        return DoNothing()

    def integration(self, user: User, project: Project, kind: str) -> Integration:
        key = self.values[kind]
        usable = usable_integrations(user, project).filter(kind=kind)
        full = usable.select_related("entity", "access_token", "signing_secret")
        number = int(key) if key.isdecimal() and len(key) < 18 else 0
        found = full.filter(pk=number).first()
        if found is None:
            words = "a webhook" if kind == Integration.Kind.WEBHOOK else "a Slack channel"
            raise Invalid("integration", f"Choose {words}.", field=kind)
        return found
