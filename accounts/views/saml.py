"""Signing in by SAML: django-allauth's views, without signing out from elsewhere.

There a link without a signature would sign out whoever opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import (
    build_saml_config,
    fetch_metadata_url_config,
    get_app_or_404,
)
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from lxml.etree import LxmlError
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from accounts.elsewhere import REFUSED, UNREACHABLE, did_not_work, usable_subject

View = Callable[..., HttpResponse]


class Provider(SAMLProvider):  # type: ignore[misc]
    def extract_uid(self, data: Any) -> str:
        return usable_subject(self.request, super().extract_uid(data))


class FinishSigningIn(views.FinishACSView):  # type: ignore[misc]
    def get_provider(self, organization_slug: str) -> Provider:
        return Provider(self.request, app=self.get_app(organization_slug))

    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        try:
            answer: HttpResponse = super().dispatch(request, organization_slug)
        except (LxmlError, ValueError) as error:  # whoever comes back may bring any text
            did_not_work(request, REFUSED, f"The answer cannot be read: {error}")
        return answer


def _once_the_provider_is_known(view: View) -> View:
    """Its metadata are kept for hours, and asked for where they are needed first."""

    @wraps(view)
    def answer(request: HttpRequest, organization_slug: str) -> HttpResponse:
        asked = get_app_or_404(request, organization_slug).settings["idp"]
        try:
            is_known = "idp" in fetch_metadata_url_config(asked)
        except Exception as error:  # noqa: BLE001 python3-saml raises nothing narrower
            did_not_work(request, UNREACHABLE, str(error))
        if not is_known:
            did_not_work(request, UNREACHABLE, "The metadata do not tell of this provider.")
        return view(request, organization_slug=organization_slug)

    return login_not_required(answer)


login = _once_the_provider_is_known(views.login)
acs = views.acs
finish_acs = _once_the_provider_is_known(FinishSigningIn.as_view())


@_once_the_provider_is_known
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the provider has to know of us."""
    app = get_app_or_404(request, organization_slug)
    ours = build_saml_config(request, app.settings, organization_slug)
    del ours["sp"]["singleLogoutService"]
    told = OneLogin_Saml2_Settings(settings=ours, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(told, content_type="text/xml")


@login_not_required
def nothing(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Where signing out would be: django-allauth looks the address up for all others."""
    raise Http404
