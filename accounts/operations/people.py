"""People and service accounts."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Invalid, NotAllowed
from accounts.events import reducing_access
from accounts.models import Entity, User
from accounts.operations.handed_out_links import end_handed_out_links
from accounts.operations.locks import hold_every_organization, hold_user
from accounts.operations.new_users import (
    free_email,
    make_user,
    put_password,
    save_user,
    valid_full_name,
)
from accounts.operations.sessions import end_sessions
from accounts.permissions import (
    require_command_line,
    require_may_deactivate,
    require_operator,
    require_self,
)

NO_DEFAULT_ENTITY = "The default entity is yourself or one of your teams."


@transaction.atomic
def create_user(
    by: Caller | Operator,
    name: str,
    *,
    full_name: str = "",
    email: str = "",
    password: str | None = None,
    is_staff: bool = False,
    is_service_account: bool = False,
) -> User:
    """A new user, without a password unless one is given. Refused for a taken name or e-mail.

    The operator vouches for the address.
    """
    require_operator(by)
    return make_user(
        name,
        full_name=full_name,
        email=email,
        email_is_verified=True,
        password=password,
        is_staff=is_staff,
        is_service_account=is_service_account,
    )


@transaction.atomic
def edit_user(
    by: Caller | Operator,
    user: User,
    *,
    email: str | None = None,
    password: str | None = None,
    is_staff: bool | None = None,
) -> None:
    """Changes what is given and leaves the rest. A new password ends the sessions."""
    require_operator(by)
    hold_user(user)
    if email is not None:
        _put_email(user, email, is_verified=True)
    if password is not None:
        require_command_line(by)
        put_password(user, password)
    if is_staff is not None:
        user.is_staff = is_staff
    save_user(user)


def choose_password(user: User, password: str) -> None:
    """The one typed into a form, which has found it good. Of the row nothing else is written:
    what the form was read with may be over by now, an account that was active among it.
    """
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def edit_profile(
    by: Caller | Operator, user: User, *, full_name: str | None = None, email: str | None = None
) -> None:
    """What people say of themselves. None is unchanged. A new address is not verified."""
    require_self(by, user)
    hold_user(user)
    if full_name is not None:
        user.full_name = valid_full_name(full_name)
    if email is not None:
        _put_email(user, email.strip(), is_verified=False)
    save_user(user)


@transaction.atomic
def deactivate_user(by: Caller | Operator, user: User) -> None:
    """Ends sessions, keys and links at once. The name and the history stay."""
    require_may_deactivate(by, user)
    hold_every_organization()
    hold_user(user)
    with reducing_access(None):
        user.is_active = False
        user.save(update_fields=["is_active"])
    now = timezone.now()
    user.api_keys.filter(revoked_at=None).update(revoked_at=now)
    user.sign_in_links.filter(used_at=None).update(used_at=now)
    end_handed_out_links(user, None)
    end_sessions(user)


def reactivate_user(by: Caller | Operator, user: User) -> None:
    """Lets somebody in again, with their roles. Sessions, keys and links that ended stay so."""
    require_may_deactivate(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])


def set_theme(by: Caller, theme: str) -> None:
    if theme not in User.Theme.values:
        raise Invalid("theme", "Choose System, Light or Dark.", field="theme")
    by.user.theme = theme
    by.user.save(update_fields=["theme"])


@transaction.atomic
def set_default_entity(by: Caller | Operator, user: User, entity: Entity) -> None:
    """Where logging goes when nobody says: the person, or one of their teams."""
    require_self(by, user)
    hold_user(user)
    is_own_team = user.team_memberships.filter(group__team__entity=entity).exists()
    if entity.pk != user.entity_id and not is_own_team:
        raise NotAllowed(NO_DEFAULT_ENTITY)
    user.default_entity = entity
    user.save(update_fields=["default_entity"])


def _put_email(user: User, email: str, *, is_verified: bool) -> None:
    """Into the row. One's own in another case is no change."""
    if email.casefold() != user.email.casefold():
        user.email = free_email(email, is_verified=is_verified)
        user.email_is_verified = False
    if is_verified:
        user.email_is_verified = bool(email)
