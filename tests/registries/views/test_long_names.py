"""Names longer than anything there is name nothing, in an address or in a form."""

from __future__ import annotations

import pytest
from django.test import Client

# SQLite compares no text with a pattern longer than 50,000 bytes.
LONG = "x" * 60_000
REGISTRY = "/orgs/smle-reg/registry/Model"
TEAM = "/orgs/smle-reg/teams/smle-reg-team-2"
PAGES = (
    "/orgs/{}/",
    "/orgs/smle-reg/registry/{}",
    f"{REGISTRY}/collections/{{}}",
    f"{REGISTRY}/collections/Zoo_Classifier_Models/aliases/{{}}",
    "/orgs/{}/members",
    "/orgs/smle-reg/members/of/{}",
    "/orgs/smle-reg/teams/{}",
    f"{TEAM}/service-accounts/{{}}",
    "/{}",
    "/{}/projects",
    "/{}/zoo_experiment",
    "/smle-reg-team-2/{}",
    "/automations/integrations/{}",
)
FORMS = {
    f"{REGISTRY}/settings/members/add": {"role": "viewer", "who": LONG},
    "/settings/default-entity": {"default_entity": LONG},
    "/orgs/smle-reg/members/role": {"who": LONG, "name": LONG, "role": "viewer"},
    "/orgs/smle-reg/members/remove": {"who": LONG, "name": LONG},
    f"{TEAM}/members/remove": {"who": LONG, "name": LONG},
    "/orgs/smle-reg/invitations/new": {"team": LONG, "email": "a@example.org"},
}


@pytest.fixture
def client(org_admin, version, team) -> Client:
    client = Client()
    client.force_login(org_admin)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_found_under_a_name_longer_than_any(client, page):
    assert client.get(page.format(LONG)).status_code == 404


@pytest.mark.parametrize("address", FORMS)
def test_a_form_with_a_name_longer_than_any_is_refused_with_a_sentence(client, address):
    answer = client.post(address, FORMS[address])
    assert answer.status_code in {404, 422}
