"""The pages of django-allauth that are in use. What is not here does not exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as elsewhere
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path, re_path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from accounts.views import choose_name, openid_connect


class PersonConverter(StringConverter):
    """A number as django-allauth writes it."""

    regex = "[0-9a-z]{1,13}"


register_converter(PersonConverter, "person")

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    # Passwords
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<person:uidb36>/<path:key>",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # The second step
    path("code/", second_factor.authenticate, name="mfa_authenticate"),
    path("confirm/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "codes/recovery-codes.txt",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    # Passkeys
    path("passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    # Accounts of elsewhere
    path("elsewhere/", elsewhere.connections, name="socialaccount_connections"),
    path("elsewhere/name/", choose_name.choose_name, name="socialaccount_signup"),
    path("elsewhere/cancelled/", elsewhere.login_cancelled, name="socialaccount_login_cancelled"),
    path(
        "elsewhere/error/",
        login_not_required(elsewhere.login_error),
        name="socialaccount_login_error",
    ),
    # Of the one provider there is: its name is no text that comes from outside.
    re_path(
        r"^oidc/(?P<provider_id>oidc)/login/$", openid_connect.login, name="openid_connect_login"
    ),
    re_path(
        r"^oidc/(?P<provider_id>oidc)/login/callback/$",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
]
if settings.SIGN_IN_PROVIDERS.has_saml:
    from accounts.views import saml

    urlpatterns += [
        re_path(rf"^saml/(?P<organization_slug>saml)/{rest}/$", view, name=name)
        for rest, view, name in (
            ("login", saml.login, "saml_login"),
            ("acs", saml.acs, "saml_acs"),
            ("acs/finish", saml.finish_acs, "saml_finish_acs"),
            ("metadata", saml.metadata, "saml_metadata"),
            ("sls", saml.nothing, "saml_sls"),
        )
    ]
