"""How much there is on the small and on the big data set. The pages of both show as many rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many there are. One collection of `registry_of_every` is in the registry of the scene, so
    that its list is long as well; `at_most` is of each thing that the crowd of the tests adds."""

    registries: int
    collections: int
    registry_of_every: int
    versions_of_one: int
    aliases_of_one: int
    events_of_one: int
    people: int
    files: int
    at_most: int


# The lists of a page have 20 to 200 rows: this fills one, and most often the second one.
SMALL = Size(250, 500, 2, 250, 2_500, 2_500, 250, 250, 250)
# With those of the other collections a million aliases.
BIG = Size(1_000, 10_000, 10, 20_000, 200_000, 100_000, 500, 1_000, 1_000)
SIZES = {"small": SMALL, "big": BIG}
