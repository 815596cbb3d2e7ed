"""A commit that the database refuses, as a sentence.

Both databases look for the rows that others refer to when a transaction ends. What an operation
found at its beginning may be deleted by then, or what it deletes be in use.
"""

from __future__ import annotations

import sqlite3

from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import ForeignKeyViolation

from accounts.errors import Conflict

SENTENCE = (
    "Somebody deleted or began to use a part of this at the same moment. Nothing was changed; "
    "look again."
)


class RefusedCommits(BaseDatabaseWrapper):
    def commit(self) -> None:
        """Conflict, in place of an error that nobody expects, when a row refers to none."""
        try:
            super().commit()
        except IntegrityError as error:
            if not _is_about_a_reference(error.__cause__):
                raise
            self.rollback()
            raise Conflict("changed_meanwhile", SENTENCE) from error


def _is_about_a_reference(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return isinstance(cause, ForeignKeyViolation)
