"""Whoever changes a value on a page has seen the one before. Nobody else's is overwritten unseen.

What is `seen` None comes from somebody who was shown nothing: a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.errors import Conflict
from accounts.models import Team, User
from registries.fingerprints import fingerprint
from registries.models import Alias, Registry
from registries.permissions import Access
from registries.protection import protected_among, state_of
from registries.roles import Role

CHANGED_MEANWHILE = "changed_meanwhile"
PROTECTION_CHANGED = "protection_changed"


def refuse_unseen_text(
    what: str, stored: str | None, seen: str | None, wanted: str | None, field: str, now: str = ""
) -> None:
    """Conflict when `stored` is neither what was seen nor what is wanted.

    Forms know one kind of line break and no difference between no text and an empty one. `now` is
    the stored value in the words of the page, where it is short.
    """
    if seen is None or wanted is None:
        return
    if (stored or "").splitlines() not in (seen.splitlines(), wanted.splitlines()):
        raise _changed_meanwhile(what, field, now)


def refuse_unseen(what: str, stored: Any, seen: str | None, wanted: Any, field: str = "") -> None:
    """The same for what is too long to be sent along: `seen` is its fingerprint."""
    if seen is None or wanted is None or stored == wanted:
        return
    if fingerprint(stored) != seen:
        raise _changed_meanwhile(what, field or what, "")


def refuse_unseen_settings(
    held: Registry, seen: Mapping[str, str], wanted: tuple[str | None, ...]
) -> None:
    """Of what `edit_registry` is given, in its order; `seen` by the names it is given under."""
    role = Role.from_codename(held.default_role).label
    stored = (
        ("name", "name", held.name, f"“{held.name}”"),
        ("description", "description", held.project.description, ""),
        ("visibility", "visibility", held.visibility, held.visibility),
        ("default_role", "default role", held.default_role, role),
    )
    for (field, what, value, now), new in zip(stored, wanted, strict=True):
        refuse_unseen_text(what, value, seen.get(field), new, field, now)


def refuse_unseen_types(
    accepted: list[str] | None, seen: str | None, wanted: Iterable[str] | None
) -> None:
    """`seen` is `all` or `list`. Lists only grow: whoever adds to one overwrites nothing."""
    stored, chosen = ("all" if types is None else "list" for types in (accepted, wanted))
    now = "“All types”" if accepted is None else "“Only these types”"
    refuse_unseen_text("choice of accepted types", stored, seen, chosen, "types", now)


def refuse_unseen_roles(
    stored: Mapping[User | Team, Role | None],
    seen: Mapping[User | Team, str],
    wanted: Mapping[User | Team, Role],
) -> None:
    """Conflict that tells of each role which is neither the one seen nor the one wanted.

    Who is no member any more is told of elsewhere.
    """
    changed = [
        f"{who} is {role.label} now"
        for who, role in stored.items()
        if role is not None and role.codename not in (seen[who], wanted[who].codename)
    ]
    if changed:
        raise Conflict(
            CHANGED_MEANWHILE,
            f"Roles have changed since this page was shown: {', '.join(changed)}. "
            "Nothing was saved. Choose again to replace what is stored.",
        )


def refuse_unseen_protection(access: Access, aliases: QuerySet[Alias], seen: str | None) -> None:
    """Conflict when the protected ones among these aliases, soon to end, are not those seen."""
    if seen is None:
        return
    if state_of(protected_among(aliases, access.protected_names)) != seen:
        raise Conflict(
            PROTECTION_CHANGED,
            "The protected aliases that would come off have changed since this page was shown. "
            "Nothing was changed.",
        )


def _changed_meanwhile(what: str, field: str, now: str) -> Conflict:
    told = f": it is {now} now" if now else ""
    return Conflict(
        CHANGED_MEANWHILE,
        f"The {what} has changed since this page was shown{told}. Nothing was saved. "
        "Save again to replace it.",
        field=field,
    )
