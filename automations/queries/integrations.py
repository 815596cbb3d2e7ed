"""Integrations and secrets of an entity, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Entity, User
from automations.models import Integration, Secret
from automations.outbound.urls import target_of
from automations.visibility import integrations_visible_to, secrets_visible_to
from registries.queries.paging import PageOfRows, page_of

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
    found = page_of(
        integrations_visible_to(user)
        .filter(entity=entity, kind=kind)
        .select_related("access_token", "signing_secret")
        .annotate(used=USED)
        .order_by("name", "pk"),
        page,
        50,
    )
    return ShownPage(found, [Shown(one, _address(one, whole=manages)) for one in found])


def secrets_of(user: User, entity: Entity) -> list[Secret]:
    """By name, each with the number of webhooks that use it. Values are in none of the columns."""
    live = Q(token_of__deleted_at=None, token_of__isnull=False)
    signs = Q(signs_for__deleted_at=None, signs_for__isnull=False)
    return list(
        secrets_visible_to(user)
        .filter(entity=entity)
        .select_related("created_by")
        .annotate(
            used=Count("token_of", filter=live, distinct=True)
            + Count("signs_for", filter=signs, distinct=True)
        )
        .order_by("name")[:200]
    )


def _address(integration: Integration, *, whole: bool) -> str:
    if integration.kind == Integration.Kind.SLACK:
        return integration.workspace
    return integration.url if whole else target_of(integration.url).origin
