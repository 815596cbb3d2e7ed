"""Integrations and secrets of an entity, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import OuterRef, QuerySet

from accounts.models import Entity, User
from accounts.statements import prepared
from automations import visibility
from automations.models import Automation, Integration, Secret
from automations.outbound.urls import target_of
from registries.queries.narrowing import Names, Narrowing, Sort, Sorts
from registries.queries.paging import NumberOf, PageOfRows, page_read, shown_from

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
    found = visibility.integrations_of(user, entity_id).filter(kind=kind)
    for term in terms:
        found = found.filter(name__icontains=term)
    return shown_from(found, _with_use, sort.of(SORTS), start, INTEGRATIONS_ON_A_PAGE)


def secrets_of(user: User, entity: Entity) -> QuerySet[Secret]:
    """By name. Values are in none of the columns."""
    return visibility.secrets_of(user, entity.pk).order_by("name")


def page_of_secrets(user: User, entity: Entity, wanted: Narrowing) -> PageOfRows[Secret]:
    """Each with the number of webhooks that use it."""
    read = partial(_secrets_from, user, entity.pk, *wanted.asked)
    return page_read(read, wanted.page, SECRETS_ON_A_PAGE)


@prepared
def _secrets_from(
    user: User, entity_id: int, sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Secret]:
    found = visibility.secrets_of(user, entity_id)
    for term in terms:
        found = found.filter(name__icontains=term)
    return shown_from(found, _with_use_of_secrets, sort.of(SORTS), start, SECRETS_ON_A_PAGE)


def _with_use(integrations: QuerySet[Integration]) -> QuerySet[Integration]:
    used = Automation.objects.filter(integration=OuterRef("pk"), deleted_at=None)
    shown = integrations.select_related("access_token", "signing_secret")
    return shown.annotate(used=NumberOf(used.values("pk")))


def _with_use_of_secrets(secrets: QuerySet[Secret]) -> QuerySet[Secret]:
    webhooks = Integration.objects.filter(deleted_at=None)
    used = NumberOf(webhooks.filter(access_token=OuterRef("pk")).values("pk"))
    used_to_sign = NumberOf(webhooks.filter(signing_secret=OuterRef("pk")).values("pk"))
    return secrets.select_related("created_by").annotate(used=used + used_to_sign)


def _address(integration: Integration, *, whole: bool) -> str:
    if integration.kind == Integration.Kind.SLACK:
        return integration.workspace
    return integration.url if whole else target_of(integration.url).origin
