"""Integrations and secrets of an entity, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Q, QuerySet

from accounts.models import Entity, User
from accounts.statements import kept
from automations.models import Integration, Secret
from automations.outbound.urls import target_of
from automations.visibility import integrations_visible_to, secrets_visible_to
from registries.queries.narrowing import Names, Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of, page_read, rows_from

INTEGRATIONS_ON_A_PAGE = 30
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
    if wanted.is_usual:
        read = partial(_integrations_from, user, entity.pk, kind)
        found = page_read(read, wanted.page, INTEGRATIONS_ON_A_PAGE)
    else:
        fitting = _integrations(user, entity.pk, kind).annotate(used=USED)
        if wanted.term:
            fitting = fitting.filter(name__icontains=wanted.term.text)
        found = page_of(fitting.order_by(*wanted.order), wanted.page, INTEGRATIONS_ON_A_PAGE)
    return ShownPage(found, [Shown(one, _address(one, whole=manages)) for one in found])


@kept
def _integrations_from(user: User, entity_id: int, kind: str, start: int) -> QuerySet[Integration]:
    ordered = _integrations(user, entity_id, kind).order_by("name", "pk")
    return rows_from(
        ordered.annotate(used=USED), start, INTEGRATIONS_ON_A_PAGE, ordered.values("pk")
    )


def _integrations(user: User, entity_id: int, kind: str) -> QuerySet[Integration]:
    visible = integrations_visible_to(user).filter(entity=entity_id, kind=kind)
    return visible.select_related("access_token", "signing_secret")


def secrets_of(user: User, entity: Entity) -> QuerySet[Secret]:
    """By name. Values are in none of the columns."""
    return _secrets(user, entity.pk)


def _secrets(user: User, entity_id: int) -> QuerySet[Secret]:
    return secrets_visible_to(user).filter(entity=entity_id).order_by("name")


def page_of_secrets(user: User, entity: Entity, wanted: Narrowing) -> PageOfRows[Secret]:
    """Each with the number of webhooks that use it."""
    if wanted.is_usual:
        read = partial(_secrets_from, user, entity.pk)
        return page_read(read, wanted.page, SECRETS_ON_A_PAGE)
    secrets = _with_use(_secrets(user, entity.pk))
    if wanted.term:
        secrets = secrets.filter(name__icontains=wanted.term.text)
    return page_of(secrets.order_by(*wanted.order), wanted.page, SECRETS_ON_A_PAGE)


@kept
def _secrets_from(user: User, entity_id: int, start: int) -> QuerySet[Secret]:
    secrets = _secrets(user, entity_id)
    return rows_from(_with_use(secrets), start, SECRETS_ON_A_PAGE, secrets.values("pk"))


def _with_use(secrets: QuerySet[Secret]) -> QuerySet[Secret]:
    live = Q(token_of__deleted_at=None, token_of__isnull=False)
    signs = Q(signs_for__deleted_at=None, signs_for__isnull=False)
    used = Count("token_of", filter=live, distinct=True)
    used_to_sign = Count("signs_for", filter=signs, distinct=True)
    return secrets.select_related("created_by").annotate(used=used + used_to_sign)


def _address(integration: Integration, *, whole: bool) -> str:
    if integration.kind == Integration.Kind.SLACK:
        return integration.workspace
    return integration.url if whole else target_of(integration.url).origin
