"""A form that is shown again because it does not fit: 422, as on all other pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class RefusedForms:
    """django-allauth and Django's admin answer 200, which programs take for done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        was_sent = request.method == "POST" and response.status_code == HTTPStatus.OK
        if was_sent and isinstance(form, BaseForm) and form.errors:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
