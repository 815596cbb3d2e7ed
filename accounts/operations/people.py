"""People and service accounts."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller, Operator
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.events import reducing_access
from accounts.models import Entity, User
from accounts.operations.entities import claim_entity
from accounts.permissions import require_operator, require_self


@transaction.atomic
def create_user(
    by: Caller | Operator,
    name: str,
    *,
    email: str = "",
    password: str | None = None,
    is_staff: bool = False,
    is_service_account: bool = False,
) -> User:
    """A new user, without a password unless one is given. Refused for a taken name or e-mail."""
    require_operator(by)
    email = _free_email(email)
    user = User(
        username=name, email=email, is_staff=is_staff, is_service_account=is_service_account
    )
    _put_password(user, password)
    user.entity = claim_entity(name, Entity.Kind.PERSON)
    user.save()
    return user


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
    if email is not None and email.casefold() != user.email.casefold():
        user.email = _free_email(email)
    if password is not None:
        _put_password(user, password)
    if is_staff is not None:
        user.is_staff = is_staff
    user.save()


@transaction.atomic
def deactivate_user(by: Caller | Operator, user: User) -> None:
    """Ends sessions, keys and links at once. The name and the history stay."""
    require_operator(by)
    with reducing_access(None):
        user.is_active = False
        user.save(update_fields=["is_active"])
    now = timezone.now()
    user.api_keys.filter(revoked_at=None).update(revoked_at=now)
    user.sign_in_links.filter(used_at=None).update(used_at=now)
    _end_sessions(user)


def set_theme(by: Caller, theme: str) -> None:
    if theme not in User.Theme.values:
        raise Invalid("theme", "Choose System, Light or Dark.", field="theme")
    by.user.theme = theme
    by.user.save(update_fields=["theme"])


def set_default_entity(by: Caller | Operator, user: User, entity: Entity) -> None:
    """Where logging goes when nobody says: the person, or one of their teams."""
    require_self(by, user)
    is_own_team = user.team_memberships.filter(group__team__entity=entity).exists()
    if entity.pk != user.entity_id and not is_own_team:
        raise NotAllowed("The default entity is yourself or one of your teams.")
    user.default_entity = entity
    user.save(update_fields=["default_entity"])


def _free_email(email: str) -> str:
    """`email` in stored form, or why it cannot be used."""
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("email", f"“{email}” is not an e-mail address.", field="email") from error
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict("email_taken", f"Somebody else uses {email}.", field="email")
    return email


def _put_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    if user.is_service_account:
        raise Invalid("password", "Service accounts have no password.", field="password")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("password", " ".join(error.messages), field="password") from error
    user.set_password(password)


def _end_sessions(user: User) -> None:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
