"""Clients that move, add and remove the same few aliases, and keep every reply with its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user
from accounts.operations.teams import add_to_team
from registries.models import Version
from registries.names import LATEST
from registries.operations.aliases import AliasChange, add_aliases, remove_aliases
from registries.operations.members import add_member
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.versions import link_version, unlink_version
from registries.roles import Role
from tests.faults import furniture

COLLECTION = "Crowded"
ALIASES = ("champion", "canary", "staging", "best", LATEST)
PROTECTED_AT_TIMES = "staging"
STAYING = range(4)
COMING_AND_GOING = range(4, furniture.ARTIFACTS)
ADMINS_ARE_EVERY = 8


@dataclass(frozen=True)
class Reply:
    """`begun` and `ended` are nanoseconds of one clock for all processes of the machine."""

    client: str
    asked: str
    begun: int
    ended: int
    changes: tuple[AliasChange, ...] = ()
    refused: str = ""


def make_clients(count: int) -> None:
    """Members through their team, every eighth an admin of the registry."""
    for number in range(count):
        who = create_user(OPERATOR, name_of(number))
        set_organization_role(OPERATOR, furniture.organization(), who, "member")
        add_to_team(OPERATOR, furniture.team(), who)
        if is_admin(number):
            add_member(furniture.by("ada"), furniture.registry(), who, Role.ADMIN)
    for number in STAYING:
        home = furniture.registry().project
        link_version(furniture.by("max"), furniture.artifact(number), home, COLLECTION)


def name_of(number: int) -> str:
    return f"client-{number}"


def is_admin(number: int) -> bool:
    return number % ADMINS_ARE_EVERY == 0


@dataclass
class AliasClient:
    """One person who acts on what they last saw, and looks again when that is refused."""

    number: int
    seen: dict[str, int] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.number)
        self.by = furniture.by(name_of(self.number))
        self.registry = furniture.registry()
        self.artifacts = [furniture.artifact(number) for number in range(furniture.ARTIFACTS)]
        self.acts: dict[str, tuple[int, Callable[[], list[AliasChange]]]] = {
            "add": (50, self._add),
            "add what was seen": (8, self._add_what_was_seen),
            "remove": (24, self._remove),
            "link": (6, self._link),
            "unlink": (6, self._unlink),
            "protect": (6 if is_admin(self.number) else 0, self._protect),
        }

    def ask(self) -> Reply:
        weights = [weight for weight, _ in self.acts.values()]
        asked = self.random.choices(list(self.acts), weights)[0]
        act = self.acts[asked][1]
        refused, changes = "", list[AliasChange]()
        begun = time.monotonic_ns()
        try:
            changes = act()
        except RegistryError as refusal:
            refused = refusal.code
            self.versions.clear()
        ended = time.monotonic_ns()
        self.seen |= {change.name: change.counter if change.number else 0 for change in changes}
        return Reply(self.by.user.username, asked, begun, ended, tuple(changes), refused)

    def _add(self) -> list[AliasChange]:
        return add_aliases(self.by, self._some_version(), self._some_names())

    def _add_what_was_seen(self) -> list[AliasChange]:
        names = self._some_names()
        expected = {name: self.seen.get(name, 0) for name in names}
        return add_aliases(self.by, self._some_version(), names, expected=expected)

    def _remove(self) -> list[AliasChange]:
        return remove_aliases(self.by, self._some_version(), self._some_names())

    def _link(self) -> list[AliasChange]:
        names = [name for name in self._some_names() if name != LATEST]
        home = self.registry.project
        artifact = self.artifacts[self._coming_or_going()]
        return link_version(self.by, artifact, home, COLLECTION, names).changes

    def _unlink(self) -> list[AliasChange]:
        going = self._versions().filter(artifact=self.artifacts[self._coming_or_going()]).first()
        if going is not None:
            unlink_version(self.by, going)
        return []

    def _protect(self) -> list[AliasChange]:
        if self.random.random() < 0.5:
            protect_aliases(self.by, self.registry, [PROTECTED_AT_TIMES])
        else:
            unprotect_alias(self.by, self.registry, PROTECTED_AT_TIMES)
        return []

    def _coming_or_going(self) -> int:
        return self.random.choice(COMING_AND_GOING)

    def _some_version(self) -> Version:
        self.versions = self.versions or list(self._versions().order_by("number"))
        return self.random.choice(self.versions)

    def _some_names(self) -> list[str]:
        return self.random.sample(ALIASES, self.random.choice([1, 1, 2]))

    def _versions(self):
        versions = Version.objects.select_related("collection__project__entity", "artifact")
        return versions.filter(
            collection__name=COLLECTION, collection__project=self.registry.project
        )


def replies_of(number: int, count: int) -> list[Reply]:
    client = AliasClient(number)
    return [client.ask() for _ in range(count)]
