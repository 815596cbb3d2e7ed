"""Every address the SDK prints or hands out opens a page here."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

ADDRESSES = """
with started("member") as run:
    answer["run"], answer["project"] = run.url, run.project_url
    linked = run.link_artifact(artifact("a"), "wandb-registry-Model/Zoo", aliases=["chosen"])
answer["linked"] = linked.url
answer["source"] = linked.source_artifact.url
seen = api("member")
answer["run seen later"] = seen.run("/".join((run.entity, run.project, run.id))).url
answer["project seen later"] = seen.project(run.project, run.entity).url
answer["alias"] = seen.artifact("wandb-registry-Model/Zoo:chosen").url
"""
SHOWS = {
    "run": "zoo_dataset",
    "project": "zoo_dataset",
    "linked": "chosen",
    "source": "zoo_dataset",
    "run seen later": "zoo_dataset",
    "project seen later": "zoo_dataset",
    "alias": "chosen",
}


def page_of(user, address: str) -> tuple[int, str]:
    """What the address leads to for a signed-in person."""
    client = Client()
    client.force_login(user)
    parts = urlsplit(address)
    answer = client.get(f"{parts.path}?{parts.query}", follow=True)
    return answer.status_code, answer.content.decode()


def test_addresses_of_what_a_script_made_open_its_pages(
    sdk, live_server, member, outsider, registry
):
    answer = sdk(ADDRESSES, member=member)
    assert set(answer) == set(SHOWS)
    wrong = {}
    for what, address in answer.items():
        assert address.startswith(live_server.url), address
        status, page = page_of(member, address)
        if status != 200 or SHOWS[what] not in page:
            wrong[what] = (status, address)
        assert page_of(outsider, address)[0] == 404, what
    assert not wrong


@pytest.mark.parametrize("ending", ["", "/workspace", "/artifacts"])
def test_the_pages_of_a_project_open_as_the_sdk_writes_them(member, source, ending):
    status, page = page_of(member, f"/smle-reg-team-2/zoo_experiment{ending}")
    assert status == 200
    assert "zoo_dataset" in page


def test_authorize_gives_a_key_that_works_once_signed_in(client, member):
    assert client.get("/authorize").status_code == 302
    client.force_login(member)
    page = client.get("/authorize")
    assert page.status_code == 200
    made = client.post("/authorize", {"name": "laptop"}).content.decode()
    assert member.api_keys.count() == 1
    assert member.api_keys.get().prefix in made
