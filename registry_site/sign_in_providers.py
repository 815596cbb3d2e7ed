"""Signing in with accounts of elsewhere: OpenID Connect and SAML, as the environment names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

OPENID_CONNECT = "allauth.socialaccount.providers.openid_connect"
SAML = "allauth.socialaccount.providers.saml"


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
    found.origins += env.list("WAYMARK_SIGN_IN_ORIGINS", default=[])
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
    """Scheme and host, for the content security policy."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(f"{name} must be an address that begins with https://.")
    return f"{parts.scheme}://{parts.netloc}"
