"""Forms of django-allauth that ask less here."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.forms import SignupForm


class ChooseNameForm(SignupForm):  # type: ignore[misc]
    """For somebody new who comes by single sign-on: the name alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("email", None)

    def clean(self) -> dict[str, Any]:
        # The base class compares addresses, which this form does not ask for.
        return dict(self.cleaned_data)
