"""Whoever changes a value on a page has seen the one before. Nobody else's is overwritten unseen.

What is `seen` None comes from somebody who was shown nothing: a script.
"""

from __future__ import annotations

from accounts.errors import Conflict

CHANGED_MEANWHILE = "changed_meanwhile"


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


def _changed_meanwhile(what: str, field: str, now: str) -> Conflict:
    told = f": it is {now} now" if now else ""
    return Conflict(
        CHANGED_MEANWHILE,
        f"The {what} has changed since this page was shown{told}. Nothing was saved. "
        "Save again to replace it.",
        field=field,
    )
