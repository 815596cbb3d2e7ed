from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

PROFILE = "/settings/profile"


@pytest.mark.parametrize(
    "before",
    [
        "https://elsewhere.example/settings",
        "https://testserver@elsewhere.example/",
        "http://testserver//elsewhere.example/",
        "http://testserver/\\elsewhere.example",
        "http://[testserver/",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_page_of_another_site_is_not_gone_back_to(db, before):
    answer = Client().post(PROFILE, headers={"Referer": before})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [PROFILE]


def test_a_part_of_a_page_is_not_gone_back_to_but_the_page_it_is_of(db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/projects?filter=zoo"}
    answer = Client().get("/orgs/smle-reg/search/preview", headers=headers)
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/projects?filter=zoo"]
