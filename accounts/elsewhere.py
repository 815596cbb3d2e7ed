"""What a provider of OpenID Connect tells of somebody, as far as it can be used.

The provider is trusted to know its people, not to send what its own specification asks for.
"""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.shortcuts import render
from requests import RequestException

log = logging.getLogger(__name__)

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
REFUSED, UNREACHABLE = 401, 502


class Client(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Our side of the talk with the provider."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider tells of itself, or the page that says that it could not be asked."""
        try:
            found: dict[str, Any] = super().openid_config
            is_usable = all(_is_address(found.get(name)) for name in ENDPOINTS)
        except (RequestException, AttributeError) as error:  # no answer, or no object in it
            did_not_work(self.request, UNREACHABLE, str(error))
        if not is_usable:
            did_not_work(self.request, UNREACHABLE, "The provider tells no addresses of its own.")
        return found

    def get_access_token_data(self, *args: Any, **options: Any) -> dict[str, str]:
        """The two tokens. When they end is nothing to us, who keep neither."""
        try:
            told = dict(super().get_access_token_data(*args, **options))
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The provider gave no tokens.") from error
        tokens = {name: told[name] for name in ("access_token", "id_token") if name in told}
        if not all(isinstance(token, str) for token in tokens.values()):
            raise OAuth2Error("The provider gave tokens that are no text.")
        return tokens


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = Client

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        told = {source: usable_claims(claims) for source, claims in response.items() if claims}
        return super().sociallogin_from_response(request, told)

    def extract_uid(self, data: dict[str, Any]) -> str:
        try:
            subject: str = super().extract_uid(data)
        except KeyError:
            subject = ""
        return usable_subject(self.request, subject)


def usable_claims(claims: Any) -> dict[str, str | bool]:
    """Those that are text a database can hold, and whether the address is confirmed.

    Some providers write `true` as text. Nothing but that confirms.
    """
    if not isinstance(claims, dict):
        return {}
    usable: dict[str, str | bool] = {
        name: value
        for name, value in claims.items()
        if isinstance(value, str) and value.isprintable() and name.isprintable()
    }
    confirmed = claims.get("email_verified")
    return usable | {"email_verified": confirmed is True or confirmed == "true"}


def usable_subject(request: HttpRequest, subject: Any) -> str:
    """Who somebody is at the provider, or the page that says that signing in did not work.

    The longest is as long as the column is in every database that is in use.
    """
    if not isinstance(subject, str) or not subject.strip():
        did_not_work(request, REFUSED, "The provider does not tell who somebody is.")
    if len(subject) > app_settings.UID_MAX_LENGTH:
        did_not_work(request, REFUSED, "The provider’s name of somebody is too long.")
    return subject


def did_not_work(request: HttpRequest, status: int, reason: str) -> NoReturn:
    """The operator finds the reason in the log, whoever signs in can do nothing about it."""
    log.warning("signing in elsewhere did not work: %s", reason)
    page = render(request, "socialaccount/authentication_error.html", status=status)
    raise ImmediateHttpResponse(page)


def _is_address(told: Any) -> bool:
    return isinstance(told, str) and told.startswith(("https://", "http://"))
