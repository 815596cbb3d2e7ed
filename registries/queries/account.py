"""What somebody sees of their own account."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import ApiKey, Entity, OrganizationMembership, User
from registries.queries.narrowing import Names, Narrowing, Sorts
from registries.queries.paging import PageOfRows, page_of
from registries.queries.terms import spelled

MOST_SHOWN = 100
KEY_SORTS: Sorts = {
    "newest": ("Newest", ("-pk",)),
    "name": ("Name", ("name", "-pk")),
    "used": ("Last used", (F("last_used_at").desc(nulls_last=True), "-pk")),
    "ends": ("Ends first", (F("expires_at").asc(nulls_last=True), "-pk")),
}
KEYS = Names("key", "key-sort", "keys")


def keys_of(user: User, wanted: Narrowing) -> PageOfRows[ApiKey]:
    """Keys that are not revoked. A term is looked for in their names and at their beginning."""
    keys = user.api_keys.filter(revoked_at=None)
    if wanted.term:
        begun = Q(prefix__istartswith=wanted.term.text)
        keys = keys.filter(spelled(wanted.term.spellings, "name") | begun)
    return page_of(keys.order_by(*wanted.order), wanted.page)


def organizations_of(user: User) -> list[OrganizationMembership]:
    memberships = user.organization_memberships.select_related("organization__entity")
    return list(memberships.order_by("organization__entity__name")[:MOST_SHOWN])


def default_entities_of(user: User) -> list[Entity]:
    """Oneself, then one's teams."""
    teams = Entity.objects.filter(team__memberships__user=user).order_by("name")
    return [user.entity, *teams[:MOST_SHOWN]]


@dataclass(frozen=True)
class SignedIn:
    number: int
    browser: str
    address: str
    since: str
    is_current: bool


def sessions_of(user: User, current: str) -> list[SignedIn]:
    """Where somebody is signed in, this session first."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    rows = UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at")
    shown = [
        SignedIn(
            row.pk, browser_in(row.user_agent), row.ip, row.created_at, row.session_key == current
        )
        for row in rows[:MOST_SHOWN]
    ]
    return sorted(shown, key=lambda row: not row.is_current)


@dataclass(frozen=True)
class SecondFactors:
    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None
    elsewhere: int


def second_factors_of(user: User) -> SecondFactors:
    rows = {one.pk: one for one in Authenticator.objects.filter(user=user).order_by("pk")}
    kinds = Authenticator.Type
    by_kind = {kind: [one for one in rows.values() if one.type == kind] for kind in kinds}
    codes = by_kind[kinds.RECOVERY_CODES]
    return SecondFactors(
        app=next(iter(by_kind[kinds.TOTP]), None),
        passkeys=by_kind[kinds.WEBAUTHN],
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
        elsewhere=SocialAccount.objects.filter(user=user).count(),
    )


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
SYSTEMS = {"Android": "Android", "iPhone": "iOS", "iPad": "iOS", "Windows": "Windows"}
MORE_SYSTEMS = {"Mac OS X": "macOS", "Linux": "Linux"}


def browser_in(user_agent: str) -> str:
    """`Firefox on Linux`, as far as a browser says."""
    known = BROWSERS | {"Safari": "Safari"}
    browser = next((name for sign, name in known.items() if sign in user_agent), "A browser")
    systems = SYSTEMS | MORE_SYSTEMS
    system = next((name for sign, name in systems.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
