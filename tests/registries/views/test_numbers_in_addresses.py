"""Numbers and days in addresses and forms that nothing has, and no database holds."""

from __future__ import annotations

import pytest
from django.test import Client

PAGES = (
    "/automations/{}",
    "/automations/deliveries/{}",
    "/automations/in/{}/new",
    "/automations/integrations/smle-reg/webhooks/{}",
    "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v{}",
)
NUMBERS = ("2147483648", "9223372036854775808", "9" * 20, "9" * 5_000)


@pytest.fixture
def client(org_admin, version) -> Client:
    client = Client()
    client.force_login(org_admin)
    return client


@pytest.mark.parametrize("number", NUMBERS, ids=len)
@pytest.mark.parametrize("page", PAGES)
def test_a_number_that_nothing_has_is_not_found(client, page, number):
    assert client.get(page.format(number)).status_code == 404


@pytest.mark.parametrize("number", NUMBERS, ids=len)
def test_a_selection_of_the_sdk_with_a_number_too_long_shows_the_registry(client, number):
    asked = {"selectionPath": "e/p/Zoo_Classifier_Models", "version": f"v{number}"}
    assert client.get("/orgs/smle-reg/registry/Model", asked).status_code == 200


def test_a_counter_that_cannot_be_read_is_none(client, version):
    page = "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v0"
    sent = {"alias": "best_model", "counter": "9" * 5_000}
    assert client.post(f"{page}/aliases", sent).status_code < 400
    assert version.aliases.filter(name="best_model").exists()


@pytest.mark.parametrize("days", ["until=9999-12-31", "since=0001-01-01&until=9999-12-30"])
@pytest.mark.parametrize(
    "list_of", ["history", "collections/Zoo_Classifier_Models/history", "messages"]
)
def test_the_first_and_the_last_day_there_are_may_be_asked_for(client, list_of, days):
    assert client.get(f"/orgs/smle-reg/registry/Model/{list_of}?{days}").status_code == 200
