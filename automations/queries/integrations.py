"""Integrations and secrets of an entity, as its page shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

from accounts.models import Entity, User
from accounts.statements import prepared
from automations.models import Integration, Secret
from automations.outbound.urls import target_of
from automations.visibility import integrations_visible_to, secrets_visible_to
from registries.queries.narrowing import Names, Narrowing, Sort, Sorts
from registries.queries.paging import PageOfRows, page_read, rows_from

INTEGRATIONS_ON_A_PAGE = 20
SECRETS_ON_A_PAGE = 20
# Three lists on one page.
NAMES = {
    Integration.Kind.WEBHOOK: Names("webhook", "webhook-sort", "page"),
    Integration.Kind.SLACK: Names("channel", "channel-sort", "channels"),
}
SECRETS = Names("secret", "secret-sort", "secrets")
SORTS: Sorts = {
    "name": ("Name", ("name", "pk")),
    "newest": ("Newest", ("-pk",)),
    "used": ("Most used", ("-used", "name", "pk")),
}
Row = TypeVar("Row", bound=Model)
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
    user: User, entity: Entity, kind: str, wanted: Narrowing, *, manages: bool
) -> ShownPage:
    """Webhooks, or Slack channels, each with the number of automations that use it."""
    read = partial(_integrations_from, user, entity.pk, kind, *wanted.asked)
    found = page_read(read, wanted.page, INTEGRATIONS_ON_A_PAGE)
    return ShownPage(found, [Shown(one, _address(one, whole=manages)) for one in found])


@prepared
def _integrations_from(
    user: User, entity_id: int, kind: str, sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Integration]:
    found = integrations_visible_to(user).filter(entity=entity_id, kind=kind)
    for term in terms:
        found = found.filter(name__icontains=term)
    return _page_from(found, _with_use, sort, start, INTEGRATIONS_ON_A_PAGE)


def secrets_of(user: User, entity: Entity) -> QuerySet[Secret]:
    """By name. Values are in none of the columns."""
    return secrets_visible_to(user).filter(entity=entity).order_by("name")


def page_of_secrets(user: User, entity: Entity, wanted: Narrowing) -> PageOfRows[Secret]:
    """Each with the number of webhooks that use it."""
    read = partial(_secrets_from, user, entity.pk, *wanted.asked)
    return page_read(read, wanted.page, SECRETS_ON_A_PAGE)


@prepared
def _secrets_from(
    user: User, entity_id: int, sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Secret]:
    found = secrets_visible_to(user).filter(entity=entity_id)
    for term in terms:
        found = found.filter(name__icontains=term)
    return _page_from(found, _with_use_of_secrets, sort, start, SECRETS_ON_A_PAGE)


def _page_from(
    found: QuerySet[Row],
    show: Callable[[QuerySet[Row]], QuerySet[Row]],
    sort: Sort,
    start: int,
    size: int,
) -> QuerySet[Row]:
    """Of all that are `found` it is counted how much they are used only when that orders them."""
    order = sort.of(SORTS)
    keys = (show(found) if sort.name == "used" else found).order_by(*order).values("pk")
    every: QuerySet[Row] = found.model._default_manager.all()
    return rows_from(show(every).order_by(*order), start, size, keys)


def _with_use(integrations: QuerySet[Integration]) -> QuerySet[Integration]:
    return integrations.annotate(used=USED).select_related("access_token", "signing_secret")


def _with_use_of_secrets(secrets: QuerySet[Secret]) -> QuerySet[Secret]:
    live = Q(token_of__deleted_at=None, token_of__isnull=False)
    signs = Q(signs_for__deleted_at=None, signs_for__isnull=False)
    used = Count("token_of", filter=live, distinct=True)
    used_to_sign = Count("signs_for", filter=signs, distinct=True)
    return secrets.annotate(used=used + used_to_sign).select_related("created_by")


def _address(integration: Integration, *, whole: bool) -> str:
    if integration.kind == Integration.Kind.SLACK:
        return integration.workspace
    return integration.url if whole else target_of(integration.url).origin
