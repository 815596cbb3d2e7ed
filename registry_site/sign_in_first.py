"""Nobody who is not signed in gets further, and who then signs in gets back to where they were."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect

from accounts.pages_before import page_before


class SignInFirst(LoginRequiredMiddleware):
    """After a form, or a part that HTMX asked for, leads back to the page it stood on: what was
    sent is gone, and its own address may show nothing."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        is_page = request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers
        page = None if is_page else page_before(request)
        if page is None:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(
            page, self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
