"""What a row of the tables of addresses is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.personas import PERSONAS

ANONYMOUS = "anonymous"
ACTORS = (*PERSONAS, ANONYMOUS)

# By the role in the registries. Each is a part of the next.
ADMINS = frozenset({"org_admin", "admin"})
MEMBERS = ADMINS | {"member", "service_account", "guest"}
VIEWERS = MEMBERS | {"viewer", "org_viewer"}
SEE = VIEWERS | {"restricted_viewer"}

READ_THE_SOURCE = ADMINS | {"member", "service_account"}
MAY_CREATE_REGISTRIES = READ_THE_SOURCE | {"viewer"}
IN_SOME_ORGANIZATION = SEE | {"other_admin"}

REFUSED, HIDDEN, SIGN_IN = "refused", "hidden", "sign in"
Outcome = int | str


@dataclass(frozen=True)
class Row:
    """What each actor gets at one address. `{source}` and the like in a body are filled in."""

    name: str
    outcomes: Mapping[str, Outcome]
    at: Mapping[str, str | int] = field(default_factory=dict)
    method: str = "GET"
    body: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.query} {dict(self.body)}"


def judged(who: frozenset[str], done: Outcome, seen_by: frozenset[str] = SEE) -> dict[str, Outcome]:
    """Done for `who`, refused to others who see the thing, hidden from the rest."""
    others = {actor: REFUSED if actor in seen_by else HIDDEN for actor in PERSONAS}
    return others | dict.fromkeys(who, done) | {ANONYMOUS: SIGN_IN}


def read(name: str, at: Mapping[str, str | int], who: frozenset[str] = SEE, query: str = "") -> Row:
    """`query` stands behind the address: `?alias=production`."""
    return Row(name, judged(who, 200), at, query=query)


def change(
    name: str,
    at: Mapping[str, str | int],
    who: frozenset[str],
    body: Mapping[str, str] | None = None,
    **instead: Outcome,
) -> Row:
    """A form. `instead` tells of those who get another answer than `who` do."""
    return Row(name, judged(who, 303) | instead, at, "POST", body or {})


def same(
    name: str, answer: Outcome, at: Mapping[str, str] | None = None, method: str = "GET"
) -> Row:
    """For addresses that ask for a key or signature instead of a session."""
    return Row(name, dict.fromkeys(ACTORS, answer), at or {}, method)
