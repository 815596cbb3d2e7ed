"""Signing in with accounts of elsewhere: OpenID Connect and SAML, as the environment names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from registry_site.environment import is_loopback

OPENID_CONNECT = "allauth.socialaccount.providers.openid_connect"
SAML = "allauth.socialaccount.providers.saml"

# What may stand in the policy: no sign that would begin another rule there.
HOST_AND_PORT = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


@dataclass
class Providers:
    """Django apps to load, allauth's settings of them, and where their forms may lead."""

    apps: list[str] = field(default_factory=list)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)

    @property
    def has_saml(self) -> bool:
        return SAML in self.apps


def providers(env: Env) -> Providers:
    """Of OpenID Connect the app is always there, so that its addresses are; without settings
    it signs nobody in. SAML is loaded only where it is asked for: it needs an extra."""
    found = Providers(apps=[OPENID_CONNECT])
    _add_openid_connect(env, found)
    _add_saml(env, found)
    found.origins += [
        _origin(address, "WAYMARK_SIGN_IN_ORIGINS")
        for address in env.list("WAYMARK_SIGN_IN_ORIGINS", default=[])
    ]
    return found


def _add_openid_connect(env: Env, found: Providers) -> None:
    address = env.str("WAYMARK_OIDC_URL", default="")
    if not address:
        return
    found.settings["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("WAYMARK_OIDC_NAME", default="") or "single sign-on",
                "client_id": _required(env, "WAYMARK_OIDC_CLIENT_ID", "WAYMARK_OIDC_URL"),
                "secret": _required(env, "WAYMARK_OIDC_CLIENT_SECRET", "WAYMARK_OIDC_URL"),
                "settings": {"server_url": address, "oauth_pkce_enabled": True},
            }
        ]
    }
    found.origins.append(_origin(address, "WAYMARK_OIDC_URL"))


def _add_saml(env: Env, found: Providers) -> None:
    address = env.str("WAYMARK_SAML_METADATA_URL", default="")
    if not address:
        return
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured("WAYMARK_SAML_METADATA_URL needs the extra waymark[saml].")
    found.apps.append(SAML)
    found.settings["saml"] = {
        "APPS": [
            {
                "provider_id": _required(
                    env, "WAYMARK_SAML_ENTITY_ID", "WAYMARK_SAML_METADATA_URL"
                ),
                "name": env.str("WAYMARK_SAML_NAME", default="") or "single sign-on",
                "client_id": "saml",
                "settings": {
                    "idp": {
                        "entity_id": env.str("WAYMARK_SAML_ENTITY_ID"),
                        "metadata_url": address,
                    },
                    "advanced": {"strict": True, "reject_idp_initiated_sso": True},
                },
            }
        ]
    }
    found.origins.append(_origin(address, "WAYMARK_SAML_METADATA_URL"))


def _required(env: Env, name: str, because: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{because} is set, so {name} must be set, too.")
    return value


def _origin(address: str, name: str) -> str:
    """Scheme and host, for the content security policy.

    Whoever changes an answer on its way could sign in as anybody, so it comes by TLS.
    """
    refusal = ImproperlyConfigured(f"{name} must be an address that begins with https://.")
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise refusal from error
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    if not is_safe or not HOST_AND_PORT.fullmatch(parts.netloc):
        raise refusal
    return f"{parts.scheme}://{parts.netloc}"
