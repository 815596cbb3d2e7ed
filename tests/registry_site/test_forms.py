from __future__ import annotations

import re

from django.middleware.csrf import rotate_token
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory
from django.urls import reverse

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def test_all_forms_of_a_page_have_one_token_and_it_is_accepted(member, registry):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    page = client.get(reverse("account")).content.decode()
    tokens = TOKEN.findall(page)
    assert len(tokens) > 1
    assert len(set(tokens)) == 1
    sent = {"csrfmiddlewaretoken": tokens[0], "theme": "dark"}
    assert client.post(reverse("theme"), sent).status_code < 400
    assert client.post(reverse("theme"), sent | {"csrfmiddlewaretoken": "x"}).status_code == 403


def test_two_pages_have_two_tokens(member):
    client = Client()
    client.force_login(member)
    first, second = (TOKEN.findall(client.get(reverse("account")).content.decode()) for _ in "ab")
    assert set(first).isdisjoint(second)


def test_a_secret_that_changes_while_a_request_is_answered_changes_the_token():
    request = RequestFactory().get("/")
    form = Template("{% csrf_token %}")
    before, again = (form.render(RequestContext(request)) for _ in "ab")
    rotate_token(request)
    after = form.render(RequestContext(request))
    assert before == again != after


def test_what_is_shown_without_a_request_has_no_token():

    assert Template("{% csrf_token %}").render(Context({})) == ""
