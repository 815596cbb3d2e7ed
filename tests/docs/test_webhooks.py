"""The page for whoever writes the other end: its receivers run, its templates are taken."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings as site

from automations.actions import CallWebhook
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.operations.secrets import create_secret
from automations.signing import new_signing_secret
from automations.templates import ACCESS_TOKEN, VARIABLES, filled_in, valid_template
from tests.automations.receivers import receiving
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.things import put

DOCS = site.BASE_DIR / "docs"
PAGE = (DOCS / "webhooks.md").read_text()
SERVERS = {"receiver.py": [sys.executable], "receiver.mjs": ["node"]}
SECRET = new_signing_secret()


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings):
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]


@pytest.fixture
def tell(version, registry, member, org_admin):
    """Adds an alias that calls `url`, signed with `value`; the state of its delivery."""

    def tell(url: str, value: str, alias: str) -> str:
        by, entity = caller_of(org_admin), registry.organization.entity
        secret = create_secret(by, entity, f"SECRET_{alias}", value)
        webhook = create_webhook(by, entity, alias, url, signing_secret=secret).integration
        automation = create_automation(
            caller_of(member),
            registry.project,
            alias,
            "alias.added",
            CallWebhook(webhook),
            filter=json.dumps({"alias": alias}),
        )
        put(member, version, alias)
        deliver()
        return automation.deliveries.get().state

    return tell


@contextmanager
def listening(name: str):
    """The URL of a receiver of the docs, and what it prints."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [*SERVERS[name], str(DOCS / "receivers" / name), str(port)]
    environment = os.environ | {"WEBHOOK_SECRET": SECRET}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "listening\n"
        yield f"http://127.0.0.1:{port}/", process.stdout
        process.terminate()


@pytest.mark.parametrize("name", SERVERS)
def test_a_receiver_takes_what_is_signed_and_refuses_the_rest(name, tell):
    if shutil.which(SERVERS[name][0]) is None:
        pytest.skip(f"{SERVERS[name][0]} is not installed")
    with listening(name) as (url, printed):
        assert tell(url, SECRET, "production") == "delivered"
        assert printed.readline() == "alias.added production\n"
        assert tell(url, new_signing_secret(), "forged") == "pending"


def test_the_receiver_in_shell_takes_what_is_signed_and_refuses_the_rest(tell, tmp_path):
    with receiving() as receiver:
        tell(receiver.url, SECRET, "production")
    [got] = receiver.got

    def answer(body: bytes) -> bytes:
        environment = {
            "PATH": os.environ["PATH"],
            "WEBHOOK_SECRET": SECRET,
            "CONTENT_LENGTH": str(len(body)),
            "MESSAGES": str(tmp_path / "messages"),
        }
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            environment[f"HTTP_{name.upper().replace('-', '_')}"] = got.headers[name]
        program = DOCS / "receivers" / "receiver.sh"
        return subprocess.run(
            ["sh", str(program)], input=body, env=environment, stdout=subprocess.PIPE, check=True
        ).stdout

    assert answer(got.body) == b"Status: 204 No Content\r\n\r\n"
    assert (tmp_path / "messages").read_bytes() == got.body
    assert answer(got.body.replace(b"production", b"protection")).startswith(b"Status: 401")


TEMPLATES = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)


def test_there_is_a_template_for_three_others():
    assert len(TEMPLATES) == 3


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_of_the_page_is_taken(text):
    valid_template(text, {ACCESS_TOKEN, "GITLAB_TRIGGER"})
    values = dict.fromkeys([*VARIABLES, "GITLAB_TRIGGER"], 'a "value"')
    assert "${" not in filled_in(text, values)


def test_the_page_names_every_variable():
    assert {name for name in VARIABLES if f"`${{{name}}}`" not in PAGE} == set()
