"""Where somebody is signed in."""

from __future__ import annotations

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts.callers import Caller
from accounts.models import User


def note_session(request: HttpRequest) -> None:
    """Remembers browser and address of whoever has just signed in, for their list of sessions."""
    if "REMOTE_ADDR" in request.META:
        UserSession.objects.create_from_request(request)


def end_other_sessions(by: Caller, kept: str) -> int:
    """Signs oneself out everywhere but in the session with the key `kept`; how many ended."""
    return end_sessions(by.user, kept=kept)


def end_session(by: Caller, number: int) -> None:
    """One of one's own. Nothing happens when there is none with this number."""
    row = UserSession.objects.filter(user=by.user, pk=number).first()
    if row is not None:
        Session.objects.filter(session_key=row.session_key).delete()
        row.delete()


def end_sessions(user: User, *, kept: str = "") -> int:
    """All that `user` has, also those of which no note was taken and those that wait for a code;
    how many ended.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if _is_of(session, user) and session.session_key != kept:
            session.delete()
            ended += 1
    UserSession.objects.filter(user=user).exclude(session_key=kept).delete()
    return ended


def _is_of(session: Session, user: User) -> bool:
    """Whether they are signed in by it, or have only the second step before them."""
    content = session.get_decoded()
    begun = content.get(LOGIN_SESSION_KEY) or {}
    return content.get("_auth_user_id") == str(user.pk) or begun.get(
        "user_pk"
    ) == user_pk_to_url_str(user)
