"""Forms of django-allauth that ask less here, or believe less."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.forms import SignupForm
from django import forms

# What reading a passkey’s answer raises that has another shape than a browser gives it.
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class ChooseNameForm(SignupForm):  # type: ignore[misc]
    """For somebody new who comes by single sign-on: the name alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("email", None)

    def clean(self) -> dict[str, Any]:
        # The base class compares addresses, which this form does not ask for.
        return dict(self.cleaned_data)


class AnswerField(forms.JSONField):
    """What a browser tells of a passkey: an object, and nothing that is nested without end."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            answer = super().to_python(value)
        except RecursionError as error:
            raise _refusal() from error
        if not isinstance(answer, dict):
            raise _refusal()
        return answer


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """What is no answer of a passkey is refused: it would be kept, and never be read again."""

    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except UNREADABLE as error:
            raise _refusal() from error


class _ReadableAnswer(AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = AnswerField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise _refusal() from error


class AuthenticatePasskeyForm(_ReadableAnswer):
    """The second step."""


class LoginPasskeyForm(_ReadableAnswer, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""


class ReauthenticatePasskeyForm(_ReadableAnswer, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirming who one is."""


def _refusal() -> forms.ValidationError:
    refusal: forms.ValidationError = get_adapter().validation_error("incorrect_code")
    return refusal
