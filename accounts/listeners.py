"""What happens here when somebody has signed in or chosen a password. Connected at the start."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import redirect

from accounts.models import User
from accounts.operations.emails import forget_address
from accounts.operations.sessions import end_sessions, note_session


@receiver(post_save, sender=EmailAddress)
def keep_the_address_of_the_profile_alone(instance: EmailAddress, **_: Any) -> None:
    """django-allauth would write down every address somebody had."""
    forget_address(instance)


@receiver(authentication_step_completed)
def refuse_whoever_is_not_active(request: HttpRequest, user: User, **_: Any) -> None:
    """At every step: between the password and the code an account may be deactivated."""
    if not user.is_active:
        clear_login(request)
        raise ImmediateHttpResponse(redirect("account_inactive"))


@receiver([password_changed, password_set, password_reset])
def end_the_other_sessions(request: HttpRequest, user: User, **_: Any) -> None:
    """The session the password was changed in goes on; all others are signed out."""
    end_sessions(user, kept=request.session.session_key or "")


@receiver(user_logged_in)
def list_the_session(request: HttpRequest, **_: Any) -> None:
    """By whatever way they came: a link signs in without django-allauth."""
    note_session(request)
