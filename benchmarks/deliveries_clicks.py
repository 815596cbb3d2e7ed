"""From the click, and from the call of the SDK, to the receiver that has verified the message.

    python -m benchmarks.deliveries_clicks ANSWER

In an empty database, before the product as `make run` starts it; Chromium and the real `wandb`
package add aliases. Writes JSON: milliseconds of each change.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402
from standardwebhooks.webhooks import Webhook  # noqa: E402

from accounts.callers import OPERATOR  # noqa: E402
from accounts.operations.api_keys import create_api_key  # noqa: E402
from automations.actions import CallWebhook  # noqa: E402
from automations.filters import filter_of_pattern  # noqa: E402
from automations.kinds import EventKind  # noqa: E402
from automations.operations.automations import create_automation  # noqa: E402
from automations.operations.integrations import create_webhook  # noqa: E402
from automations.operations.secrets import create_secret  # noqa: E402
from automations.signing import new_signing_secret  # noqa: E402
from benchmarks.deliveries_measure import Scene  # noqa: E402
from benchmarks.servers import waymark  # noqa: E402
from tests.automations.receivers import Got, answer_with, receiving  # noqa: E402
from tests.browser.screens import plus, popover, said  # noqa: E402
from tests.machine.chromium import OPTIONS, chromium  # noqa: E402
from tests.sdk.process import environment  # noqa: E402

CHANGES = 50
PATIENCE = 30  # seconds
COLLECTION = "/orgs/benchmark/registry/Model/collections/Collection"
SCRIPT = """
import sys, time, wandb
versions = [wandb.Api().artifact(f"benchmark/wandb-registry-Model/Collection:v{n}") for n in (0, 1)]
for number in range(int(sys.argv[1])):
    version = versions[number % 2]
    version.aliases.append(f"script-{number}")
    begun = time.monotonic()
    version.save()
    print(f"script-{number}", begun, flush=True)
    sys.stdin.readline()
"""


@dataclass
class Arrivals:
    """Alias → when its message had been verified, by the clock that all processes share."""

    secret: str
    at: dict[str, float] = field(default_factory=dict)
    names: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)

    def note(self, handler: BaseHTTPRequestHandler, got: Got) -> None:
        event = Webhook(self.secret).verify(got.body, got.headers)
        signature = hmac.digest(self.secret.encode(), got.body, hashlib.sha256)
        if got.headers["x-wandb-signature"] != base64.b64encode(signature).decode():
            raise SystemExit("The signature of W&B does not match.")
        self.at[event["data"]["alias"]] = time.monotonic()
        answer_with(handler, 204)
        self.names.put(event["data"]["alias"])

    def wait_for(self, alias: str) -> float:
        while self.names.get(timeout=PATIENCE) != alias:
            continue
        return self.at[alias]


def listen(scene: Scene, url: str, secret: str) -> None:
    entity = scene.registry.organization.entity
    kept = create_secret(scene.by, entity, "SIGNING", secret)
    webhook = create_webhook(scene.by, entity, "signed", url, signing_secret=kept).integration
    kind = EventKind.ALIAS_ADDED
    wanted = filter_of_pattern(kind, "^(click|script)-")
    create_automation(
        scene.by, scene.registry.project, "all", kind, CallWebhook(webhook), filter=wanted
    )


def clicks(page: Page, arrivals: Arrivals) -> list[float]:
    """Milliseconds from the click on Add. Playwright's own way to the button is among them."""
    taken = []
    for number in range(CHANGES):
        alias = f"click-{number}"
        page.goto(f"{COLLECTION}/versions/v{number % 2}")
        plus(page).click()
        page.get_by_label(f"Add an alias to v{number % 2}").fill(alias)
        button = popover(page).get_by_role("button", name="Add", exact=True)
        begun = time.monotonic()
        button.click()
        taken.append((arrivals.wait_for(alias) - begun) * 1000)
        expect(said(page)).to_contain_text(alias)
    return taken


def scripted(url: str, key: str, arrivals: Arrivals, folder: Path) -> list[float]:
    """Milliseconds from the call of `save()`."""
    taken = []
    env = environment(folder, url, "http://127.0.0.1:9") | {"WANDB_API_KEY": key}
    command = [sys.executable, "-c", SCRIPT, str(CHANGES)]
    with subprocess.Popen(
        command, env=env, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as script:
        if script.stdin is None or script.stdout is None:
            raise SystemExit("The script has no pipes.")
        for line in script.stdout:
            alias, begun = line.split()
            taken.append((arrivals.wait_for(alias) - float(begun)) * 1000)
            print(file=script.stdin, flush=True)
    if len(taken) < CHANGES:
        raise SystemExit(f"The script ended with {script.returncode}.")
    return taken


def session_of(scene: Scene) -> str:
    client = Client()
    client.force_login(scene.by.user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def in_browser(url: str, session: str, measure: Callable[[Page], list[float]]) -> list[float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        context = browser.new_context(base_url=url, reduced_motion="reduce")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        taken = measure(context.new_page())
        browser.close()
    return taken


def main() -> None:
    call_command("migrate", verbosity=0)
    scene = Scene(1)
    arrivals = Arrivals(new_signing_secret())
    session, key = session_of(scene), create_api_key(OPERATOR, scene.by.user)[1]
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving(arrivals.note))
        listen(scene, receiver.url, arrivals.secret)
        data = Path(settings.WAYMARK_DATA)
        port, _ = stack.enter_context(waymark(data, os.environ["DATABASE_URL"]))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"http://127.0.0.1:{port}"
        figures = {
            "click": in_browser(url, session, lambda page: clicks(page, arrivals)),
            "script": scripted(url, key, arrivals, folder),
        }
    Path(sys.argv[1]).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
