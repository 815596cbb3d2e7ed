"""What django-allauth asks us."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts import elsewhere
from accounts.addresses import server_address
from accounts.errors import RegistryError
from accounts.mail import is_sent
from accounts.models import Entity, User
from accounts.names import check_entity_name
from accounts.operations.people import choose_password
from accounts.operations.sign_up import sign_up_from_elsewhere

DO_NOT_FIT = "Name and password do not fit together."
SENTENCES = {
    "account_inactive": "This account is not active.",
    "email_password_mismatch": DO_NOT_FIT,
    "username_password_mismatch": DO_NOT_FIT,
    "invalid_login": DO_NOT_FIT,
    "enter_current_password": "This is not your current password.",
    "incorrect_password": "This is not your password.",
    "incorrect_code": "This code is wrong or too old.",
    "invalid_password_reset": "This link has been used or is too old. Ask for another.",
    "too_many_login_attempts": "Too many wrong attempts. Try again in a few minutes.",
    "rate_limited": "Too many attempts. Try again in a few minutes.",
    "same_as_current": "This is the password you have already.",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | SENTENCES

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation or by the operator, who may open the server to everybody."""
        return bool(settings.WAYMARK_OPEN_SIGN_UP)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Names of people share one namespace with teams and organizations."""
        check_entity_name(username)
        if Entity.objects.filter(name__iexact=username).exists():
            raise ValidationError(f"The name “{username}” is taken. Choose another.")
        return username

    def set_password(self, user: User, password: str) -> None:
        choose_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Whoever changed their password changed it, even where no letter can tell them."""
        is_sent(lambda: super(AccountAdapter, self).send_mail(template_prefix, email, context))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where all ways to sign in are listed, and it is said what was done."""
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the address people use, not by the one a request claims."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return address_of(self.request, path)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is wrong or too old.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """The picture as an element of the page: the page may load nothing but our own files."""
        svg = super().build_totp_svg(url)
        return SafeString(svg[svg.index("<svg") :])  # drawn by us, without text

    def encrypt(self, text: str) -> str:
        """So that a copy of the database alone makes no codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 allauth's
        return "Passkey"


class ElsewhereAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """For accounts of OpenID Connect and SAML."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": (
            "Somebody here has this e-mail address. If it is you, sign in with your password "
            "and connect %s on your account page."
        ),
        "no_password": "Choose a password first, or you could not sign in any more.",
        "connected_other": "This account is connected to somebody else.",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Where the operator trusts the provider to know who may come, or lets everybody in."""
        if settings.WAYMARK_OIDC_SIGN_UP or settings.WAYMARK_OPEN_SIGN_UP:
            return True
        # django-allauth would show the same page as if it had gone well.
        raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        """That of OpenID Connect as ours, which takes nothing for a person that is none."""
        found = super().get_provider(request, provider, client_id)
        is_openid_connect = found.id == elsewhere.Provider.id
        return elsewhere.Provider(request, app=found.app) if is_openid_connect else found

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """The name is chosen in the form, the e-mail is the provider’s, where it is free."""
        name = form.cleaned_data["username"] if form else sociallogin.user.username
        try:
            return sign_up_from_elsewhere(request, sociallogin, name)
        except RegistryError as refusal:
            field = "username" if refusal.field == "name" else NON_FIELD_ERRORS
            raise ValidationError({field: refusal.sentence}) from refusal


def address_of(request: HttpRequest | None, path: str) -> str:
    """The whole address of a page of ours, for mail and links to hand out.

    Where the operator set none, that of the request; without one, on the server itself, that of
    a server started there.
    """
    if request is not None and not settings.WAYMARK_BASE_URL:
        return request.build_absolute_uri(path)
    return server_address() + path


def _box() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(b"second factors" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
