"""The door of scripts: `POST /graphql` goes past everything that is there for people.

Scripts carry no cookie and see no page. Sessions, messages, forms and their headers would be
prepared and thrown away for each of their requests, and cost as much as half the answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wandb_api.views.graphql import graphql

Answer = Callable[[HttpRequest], HttpResponse]


def door_of_scripts(get_response: Answer) -> Answer:
    """A middleware. All others of the site stand behind it."""
    path = reverse("graphql")

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info != path:
            return get_response(request)
        request.get_host()  # DisallowedHost for a name that is not ours, as everywhere
        response = graphql(request)
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return answer
