"""Signing in by a link, a key for scripts, the look of the account; passwords are allauth's."""

from __future__ import annotations

from django.urls import path

from accounts.views import authorize, sign_in_link, theme, verify_email

urlpatterns = [
    path("sign-in/<str:token>", sign_in_link.sign_in_link, name="sign-in-link"),
    path("accounts/email/<str:token>", verify_email.verify, name="verify-email"),
    path("authorize", authorize.authorize, name="authorize"),
    path("theme", theme.theme, name="theme"),
]
