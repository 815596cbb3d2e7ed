"""Names offered while an alias is typed: those known in the registry."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.invisible_characters import invisible_in
from registries.models import Alias, Collection, Version
from registries.names import is_number_to_sdk
from registries.permissions import Access
from registries.queries.aliases import natural, placed_aliases
from registries.queries.finds import matching
from registries.queries.terms import Term
from registries.search_index import ALIASES

OFFERED = 8
# Many aliases of a registry have the same name.
READ = 1000


@dataclass(frozen=True)
class AliasOption:
    """`number` is the version of this collection that has it now."""

    name: str
    protected: bool
    number: int | None


def options_for(version: Version, access: Access, term: Term) -> list[AliasOption]:
    """What the reader may put on this version and is not on it yet, protected names first."""
    home = version.collection.project_id
    known = Alias.objects.filter(collection__project=home)
    if term:
        known = known.filter(matching(ALIASES, term, [home], READ))
    names = set(known.values_list("name", flat=True)[:READ])
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
    """Names of an earlier time among them, which nobody may give any more."""
    may_give = access.can_change_alias(name) and access.look_alike_of(name) is None
    return may_give and not is_number_to_sdk(name) and not invisible_in(name)


def _numbers(collection: Collection, names: list[str], access: Access) -> dict[str, int]:
    placed = placed_aliases([collection], names, access)
    return {alias.name: alias.number for alias in placed.get(collection.pk, [])}
