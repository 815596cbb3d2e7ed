"""The code that pages show is run as it stands there, by whoever the page was shown to."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.people import set_default_entity
from accounts.operations.teams import create_team
from registries.operations.members import add_member
from registries.operations.organizations import create_organization
from registries.roles import Role
from tests.personas import caller_of, person
from tests.sdk.process import PYTHON

CODE = re.compile(r'<code id="use-code">(.*?)</code>', re.DOTALL)
COLLECTION = "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models"
PROJECT = "/smle-reg-team-2/zoo_experiment/artifacts/dataset/zoo_dataset"
# What the reader does next.
THEN = """
from pathlib import Path
for file in Path(path).iterdir():
    print(file.name, file.read_text())
"""


def shown(user, live_server, page: str) -> str:
    """The snippet as text, with the address by which the reader came."""
    client = Client(headers={"host": live_server.url.removeprefix("http://")})
    client.force_login(user)
    answer = client.get(page, follow=True)
    assert answer.status_code == 200, page
    (code,) = CODE.findall(answer.content.decode())
    return html.unescape(re.sub(r"<[^>]+>", "", code))


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("member", COLLECTION),
        ("member", f"{COLLECTION}?use=production"),
        ("member", f"{COLLECTION}/versions/v0"),
        ("member", PROJECT),
        ("member", f"{PROJECT}/v0"),
        ("viewer", f"{COLLECTION}/versions/v0"),
        ("guest", f"{COLLECTION}/versions/v0"),
    ],
    ids=lambda value: value.rsplit("/", 1)[-1],
)
def test_the_snippet_of_a_page_downloads_what_the_page_is_about(
    script, live_server, personas, protected_version, who, page
):
    user = personas[who]
    code = shown(user, live_server, page)
    assert live_server.url in code
    finished = script([PYTHON, "-c", code + THEN], by=user, WANDB_BASE_URL="", WANDB_SILENT="true")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == ["zoo.csv as published"]


def test_a_guest_who_works_in_a_team_of_another_organization_runs_it_too(
    script, live_server, personas, protected_version, registry, organization
):
    elsewhere = create_organization(OPERATOR, "elsewhere")
    team = create_team(OPERATOR, elsewhere, "far-team")
    guest = person("far-guest", elsewhere, team=team)
    set_default_entity(OPERATOR, guest, team.entity)
    add_member(caller_of(personas["org_admin"]), registry, guest, Role.VIEWER)
    code = shown(guest, live_server, f"{COLLECTION}/versions/v0")
    finished = script([PYTHON, "-c", code + THEN], by=guest, WANDB_BASE_URL="", WANDB_SILENT="true")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == ["zoo.csv as published"]
