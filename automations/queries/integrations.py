"""Integrations and secrets of an entity, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Entity, User
from automations.models import Integration, Secret
from automations.outbound.urls import target_of
from automations.visibility import integrations_visible_to, secrets_visible_to
from registries.queries.paging import PageOfRows, page_of

INTEGRATIONS_ON_A_PAGE = 30
SECRETS_ON_A_PAGE = 20
USED = Count("automations", filter=Q(automations__deleted_at=None))


@dataclass(frozen=True)
class Shown:
    """`address` is whole for those who manage it; others see the host alone, because a path may
    be a secret."""

    integration: Integration
    address: str

    @property
    def used(self) -> int:
        return self.integration.used  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True)
class ShownPage:
    page: PageOfRows[Integration]
    rows: list[Shown]


def integrations_of(
    user: User, entity: Entity, kind: str, *, manages: bool, page: str
) -> ShownPage:
    """Webhooks, or Slack channels, each with the number of automations that use it."""
    visible = integrations_visible_to(user).filter(entity=entity, kind=kind).order_by("name", "pk")
    told = visible.select_related("access_token", "signing_secret").annotate(used=USED)
    found = page_of(told, page, INTEGRATIONS_ON_A_PAGE, visible.values("pk"))
    return ShownPage(found, [Shown(one, _address(one, whole=manages)) for one in found])


def secrets_of(user: User, entity: Entity) -> QuerySet[Secret]:
    """By name. Values are in none of the columns."""
    return secrets_visible_to(user).filter(entity=entity).order_by("name")


def page_of_secrets(user: User, entity: Entity, page: str) -> PageOfRows[Secret]:
    """Each with the number of webhooks that use it."""
    live = Q(token_of__deleted_at=None, token_of__isnull=False)
    signs = Q(signs_for__deleted_at=None, signs_for__isnull=False)
    secrets = secrets_of(user, entity).select_related("created_by")
    used = Count("token_of", filter=live, distinct=True)
    used_to_sign = Count("signs_for", filter=signs, distinct=True)
    among = secrets.values("pk")
    return page_of(secrets.annotate(used=used + used_to_sign), page, SECRETS_ON_A_PAGE, among)


def _address(integration: Integration, *, whole: bool) -> str:
    if integration.kind == Integration.Kind.SLACK:
        return integration.workspace
    return integration.url if whole else target_of(integration.url).origin
