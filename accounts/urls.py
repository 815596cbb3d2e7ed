"""Signing in by a link, and the look of the account. Passwords are django-allauth's."""

from __future__ import annotations

from django.urls import path

from accounts.views import sign_in_link, theme

urlpatterns = [
    path("sign-in/<str:token>", sign_in_link.sign_in_link, name="sign-in-link"),
    path("theme", theme.theme, name="theme"),
]
