"""The registries a search looks in, as one person sees them. A thousand of them are counted and
compared in the database: of those a page tells of, the names are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length

from accounts.models import User
from accounts.stand_ins import evenly
from accounts.statements import prepared
from registries.models import Collection, Registry
from registries.queries.aliases import natural
from registries.queries.finds import FEW, Homes
from registries.queries.paging import NumberOf
from registries.queries.terms import Likeness, Term
from registries.visibility import registries_visible_to, registry_is_visible

COUNTED_UP_TO = 100
MOST_ORDERED = 250


@dataclass(frozen=True)
class NamedRegistry:
    """`collections` is how many there are, 0 where nobody asked."""

    name: str
    collections: int


def homes_of(user: User, organization_id: int) -> Homes:
    """Of an organization those the person sees: by their ids where they are few, else by the ids
    of the others."""
    found = _seen_and_hidden(user, organization_id)
    seen = [pk for pk, is_seen in found if is_seen]
    return Homes(seen, organization_id, [pk for pk, is_seen in found if not is_seen])


def fitting(
    user: User, organization_id: int, term: Term, start: int, size: int
) -> tuple[list[int], int]:
    """Ids of `size` of those that have the term in their own name, from `start` on, and how many
    there are from there on, up to COUNTED_UP_TO + 1. In natural order; of a great many the database
    counts the digits at the end of a name alone."""
    asked = (user, organization_id, *term.asked)
    found = _fitting(*asked, 0)
    if len(found) <= MOST_ORDERED:
        ordered = sorted(found, key=lambda row: (natural(row[1]), row[0]))[start:]
    else:
        ordered = _fitting(*asked, start) if start else found
    return [pk for pk, _ in ordered[:size]], min(len(ordered), COUNTED_UP_TO + 1)


def named(user: User, ids: Iterable[int], counted: Iterable[int] = ()) -> dict[int, NamedRegistry]:
    """What a page tells of these, as far as the person sees them; of those that are `counted` how
    many collections they have."""
    asked = set(ids)
    if not asked:
        return {}
    found = _named(user, evenly(asked), evenly(counted))
    return {pk: NamedRegistry(name, count) for pk, name, count in found}


@prepared
def _seen_and_hidden(user: User, organization_id: int) -> QuerySet[Registry, tuple[int, str]]:
    """Of those that are seen no more than tell whether they are few."""
    everything = Registry.objects.filter(organization=organization_id)
    seen = registries_visible_to(user).filter(organization=organization_id)
    is_seen = Case(When(registry_is_visible(user), then=Value("seen")), default=Value(""))
    first = Q(pk__in=seen.order_by().values("pk")[: FEW + 1])
    asked = everything.annotate(is_seen=is_seen).filter(first | Q(is_seen=""))
    return asked.order_by().values_list("pk", "is_seen")


@prepared
def _fitting(
    user: User, organization_id: int, likeness: Likeness, terms: tuple[str, ...], start: int
) -> QuerySet[Registry, tuple[int, str]]:
    found = registries_visible_to(user).filter(organization=organization_id)
    for term in terms:
        found = found.filter(likeness.of(term))
    without_digits = Func(F("folded"), Value("0123456789"), function="RTRIM")
    in_order = found.order_by(without_digits, Length("folded"), "folded", "pk")
    return in_order.values_list("pk", "name")[start : start + MOST_ORDERED + 1]


@prepared
def _named(
    user: User, ids: tuple[int, ...], counted: tuple[int, ...]
) -> QuerySet[Registry, tuple[int, str, int]]:
    collections = Collection.objects.filter(project=OuterRef("pk")).order_by()
    count = Case(When(pk__in=counted, then=NumberOf(collections.values("pk"))), default=Value(0))
    return registries_visible_to(user).filter(pk__in=ids).values_list("pk", "name", count)
