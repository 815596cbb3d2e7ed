"""Who is meant where a right is given by a name or an e-mail address."""

from __future__ import annotations

from django.db.models import Q

# Of an address; names are shorter. What is longer names nobody, and no database is asked for it.
LONGEST = 254


def people_named(text: str) -> Q:
    """By exact name, or by an address that was found to be theirs, in any case.

    Anybody can write any address into their profile: one that is not verified names nobody.
    """
    text = text.strip()[: LONGEST + 1]
    return Q(username__iexact=text) | Q(email__iexact=text, email_is_verified=True) & ~Q(email="")
