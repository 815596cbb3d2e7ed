"""Sessions in the database, as Django keeps them, found by a statement that is prepared.

Every page asks for its session and its person first. To write the SQL of the two anew took longer
than all the database did for them.
"""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as StoreInDatabase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.statements import prepared


class SessionStore(StoreInDatabase):
    def _get_session_from_db(self) -> Session | None:
        """None for one that is unknown or has ended; a new one gets a key of its own then."""
        for session in _sessions(self.session_key or ""):
            if session.expire_date > timezone.now():
                return session  # type: ignore[no-any-return]
        self._session_key = None
        return None


@prepared
def _sessions(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)
