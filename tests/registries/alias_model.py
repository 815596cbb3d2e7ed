"""One collection as a few dictionaries: what the alias machine is compared with.

Written from the rules, not from the product's code. Times, people and rows do not exist here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

DONE, REFUSED, HIDDEN, INVALID = "done", 403, 404, 422
ADMIN, MEMBER, VIEWER, OUTSIDER = "admin", "member", "viewer", "outsider"


class Refused(Exception):
    """Nothing of the request happens; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Collection:
    next_number: int = 0
    artifacts: dict[int, int] = field(default_factory=dict)  # number → artifact
    aliases: dict[str, int] = field(default_factory=dict)  # name → number
    counters: dict[str, int] = field(default_factory=dict)  # name → changes so far
    protected: set[str] = field(default_factory=set)

    def copy(self) -> Collection:
        return Collection(
            self.next_number,
            dict(self.artifacts),
            dict(self.aliases),
            dict(self.counters),
            set(self.protected),
        )

    def link(self, who: str, artifact: int, names: Iterable[str]) -> None:
        at_least_member(who)
        number = next((n for n, held in self.artifacts.items() if held == artifact), None)
        if number is None:
            number = self.next_number
            self.next_number += 1
            self.artifacts[number] = artifact
            self._point("latest", number)
        self._give(who, number, names)

    def unlink(self, who: str, number: int) -> None:
        at_least_member(who)
        carried = {name for name, held in self.aliases.items() if held == number}
        if carried & self.protected and who != ADMIN:
            raise Refused(REFUSED)
        left = [other for other in self.artifacts if other != number]
        if "latest" in carried and left:
            self._point("latest", max(left))
            carried.discard("latest")
        for name in carried:
            self._take(name)
        del self.artifacts[number]

    def add(self, who: str, number: int, names: Iterable[str]) -> None:
        sees(who)
        self._give(who, number, names)

    def remove(self, who: str, number: int, names: Iterable[str]) -> None:
        sees(who)
        for name in names:
            self._may_change(who, name)
            if name == f"v{number}":
                raise Refused(INVALID)
        for name in names:
            if self.aliases.get(name) == number:
                self._take(name)

    def protect(self, who: str, name: str) -> None:
        only_admin(who)
        if name in self.protected:
            return
        if is_number(name) or name.casefold() == "latest" or self._twin(name):
            raise Refused(INVALID)
        self.protected.add(name)

    def unprotect(self, who: str, name: str) -> None:
        only_admin(who)
        self.protected.discard(name)

    def _give(self, who: str, number: int, names: Iterable[str]) -> None:
        given = [name for name in names if name != f"v{number}"]
        for name in given:
            if is_number(name):
                raise Refused(INVALID)
            self._may_change(who, name)
        for name in given:
            if self.aliases.get(name) == number:
                continue
            if self._twin(name):
                raise Refused(INVALID)
            self._point(name, number)

    def _may_change(self, who: str, name: str) -> None:
        if name in self.protected:
            only_admin(who)
        at_least_member(who)

    def _twin(self, name: str) -> bool:
        """A protected name that only looks like this one."""
        return name not in self.protected and name.casefold() in {
            protected.casefold() for protected in self.protected
        }

    def _point(self, name: str, number: int) -> None:
        self.aliases[name] = number
        self.counters[name] = self.counters.get(name, 0) + 1

    def _take(self, name: str) -> None:
        del self.aliases[name]
        self.counters[name] += 1


def is_number(name: str) -> bool:
    return name[0] == "v" and name[1:].isdecimal()


def sees(who: str) -> None:
    if who == OUTSIDER:
        raise Refused(HIDDEN)


def at_least_member(who: str) -> None:
    sees(who)
    if who == VIEWER:
        raise Refused(REFUSED)


def only_admin(who: str) -> None:
    sees(who)
    if who != ADMIN:
        raise Refused(REFUSED)
