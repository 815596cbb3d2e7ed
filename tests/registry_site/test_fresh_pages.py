from __future__ import annotations

import pytest
from django.test import Client

from tests.registries.views.pages import Browser


@pytest.mark.parametrize("address", ["/settings", "/nothing/like/it/at/all", "/projects"])
def test_no_page_is_kept_by_a_browser(member, address):
    answer = Browser(member).client.get(address)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_of_nobody_is_not_kept_either(db):
    assert "no-store" in Client().get("/accounts/login/").headers["Cache-Control"]


def test_a_file_says_itself_how_long_it_may_be_kept(member, version):
    answer = Browser(member).client.get(
        "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v0/files/zoo.csv"
    )
    assert b"".join(answer.streaming_content)
    answer.close()
    assert "no-store" not in answer.headers.get("Cache-Control", "")
