"""Names offered while an alias is typed: those known in the registry."""

from __future__ import annotations

from dataclasses import dataclass

from registries.models import Alias, Collection, Version
from registries.permissions import Access
from registries.queries.aliases import natural, placed_aliases
from registries.queries.terms import Term

OFFERED = 8
READ = 100


@dataclass(frozen=True)
class AliasOption:
    """`number` is the version of this collection that has it now."""

    name: str
    protected: bool
    number: int | None


def options_for(version: Version, access: Access, term: Term) -> list[AliasOption]:
    """What the reader may put on this version and is not on it yet, protected names first."""
    known = Alias.objects.filter(collection__project=version.collection.project_id)
    if term:
        known = known.filter(term.matches())
    names = set(known.order_by("name").values_list("name", flat=True).distinct()[:READ])
    names |= {name for name in access.protected_names if term.folded in Term(name).folded}
    offered = [name for name in names if _may_offer(access, name)]
    numbers = _numbers(version.collection, offered, access)
    options = [
        AliasOption(name, access.is_protected(name), numbers.get(name))
        for name in offered
        if numbers.get(name) != version.number
    ]
    options.sort(key=lambda option: (not option.protected, natural(option.name)))
    return options[:OFFERED]


def _may_offer(access: Access, name: str) -> bool:
    return access.can_change_alias(name) and access.look_alike_of(name) is None


def _numbers(collection: Collection, names: list[str], access: Access) -> dict[str, int]:
    placed = placed_aliases([collection], names, access)
    return {alias.name: alias.number for alias in placed.get(collection.pk, [])}
