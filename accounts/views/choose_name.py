"""Where somebody new who comes by single sign-on chooses a name."""

from __future__ import annotations

from allauth.socialaccount.internal.flows.signup import (
    clear_pending_signup,
    complete_social_signup,
)
from allauth.socialaccount.views import SignupView
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from accounts.forms import ChooseNameForm


class ChooseName(SignupView):  # type: ignore[misc]
    def form_valid(self, form: ChooseNameForm) -> HttpResponse:
        """Who is refused is still expected, and may choose another name."""
        try:
            _, answer = form.try_save(self.request)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            refused: HttpResponse = self.form_invalid(form)
            return refused
        clear_pending_signup(self.request)
        welcome: HttpResponse = answer or complete_social_signup(self.request, self.sociallogin)
        return welcome


choose_name = login_not_required(ChooseName.as_view())
