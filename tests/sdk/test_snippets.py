"""The code that pages show is run as it stands there, by whoever the page was shown to."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

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
