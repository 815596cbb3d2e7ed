"""How one signs in, and where one is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.operations import sessions
from registries.queries.account import second_factors_of, sessions_of
from registries.views.answers import announce, answer, go
from registries.views.people.places import answering
from registries.views.places import caller, person

OTHERS = "others"


@require_safe
@never_cache
@answering
def sign_in_methods(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {
        "factors": second_factors_of(user),
        "sessions": sessions_of(user, request.session.session_key or ""),
        "elsewhere_is_set_up": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "tab": "sign-in",
    }
    return answer(request, "account/sign_in_methods.html", context)


@require_POST
@answering
def end_session(request: HttpRequest) -> HttpResponse:
    """One by its number, or all but this."""
    which = request.POST.get("session", "")
    if which == OTHERS:
        sessions.end_other_sessions(caller(request), kept=request.session.session_key or "")
        announce(request, "Signed out everywhere else.")
    elif which.isdecimal() and len(which) < 18:
        sessions.end_session(caller(request), int(which))
        announce(request, "Session ended.")
    return go(request, f"{reverse('mfa_index')}#sessions")
