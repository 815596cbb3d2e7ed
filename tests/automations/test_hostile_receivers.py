"""Receivers that misbehave, all at once, beside healthy ones."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack

import pytest

from automations.actions import CallWebhook
from automations.models import Delivery
from automations.operations.automations import create_automation
from automations.operations.integrations import create_webhook
from automations.worker import Worker
from tests.automations.receivers import always, answer_with, receiving
from tests.personas import caller_of
from tests.things import put

HEALTHY = 20


def dripping(handler, _) -> None:
    """Answers its head a byte at a time, for ever."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not stop.wait(0.01):
            handler.wfile.write(b"x")
    except OSError:
        return


def endless(handler, _) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while not stop.is_set():
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


stop = threading.Event()


@pytest.fixture
def hostile(receiver):
    """Name → URL. The slow one answers when `slow` is set."""
    slow = threading.Event()

    def slowly(handler, _):
        slow.wait()
        answer_with(handler, 200)

    forbidden = receiver.url.replace("127.0.0.1", "localhost")
    answers = {
        "slow": slowly,
        "failing": always(500, b"oops"),
        "gone": always(410),
        "busy": always(429, Retry_After="120"),
        "gateway": always(504),
        "redirecting": always(302, Location=forbidden),
        "redirecting for good": always(308, Location=receiver.url),
        "endless": endless,
        "dripping": dripping,
    }
    stop.clear()
    with ExitStack() as stack:
        urls = {name: stack.enter_context(receiving(do)).url for name, do in answers.items()}
        with socket.create_server(("127.0.0.1", 0)) as listening:
            urls["silent"] = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            with socket.socket() as closed:
                closed.bind(("127.0.0.1", 0))
                urls["dead"] = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            yield urls, slow
            stop.set()
            slow.set()


@pytest.fixture
def healthy(hostile):
    """Lets the slow receiver answer only when all the healthy ones have had their message."""
    _, slow = hostile
    had = set()

    def answer(handler, got):
        had.add(got.path)
        if len(had) == HEALTHY:
            slow.set()
        answer_with(handler, 200)

    with receiving(answer) as found:
        yield found


@pytest.fixture
def calling(version, registry, member, org_admin):
    def call(name: str, url: str) -> None:
        integration = create_webhook(
            caller_of(org_admin), registry.organization.entity, name, url
        ).integration
        create_automation(
            caller_of(member), registry.project, name, "alias.added", CallWebhook(integration)
        )

    return call


def test_hostile_receivers_hold_up_nobody_and_get_what_they_deserve(
    version, member, hostile, healthy, calling, receiver
):
    urls, _ = hostile
    for name, url in urls.items():
        calling(name, url)
    for number in range(HEALTHY):
        calling(f"healthy {number}", f"{healthy.url}/{number}")
    put(member, version, "candidate")
    Worker(once=True).run()
    found = {delivery.automation.name: delivery for delivery in deliveries()}
    assert {found[f"healthy {number}"].state for number in range(HEALTHY)} == {"delivered"}
    states = {name: found[name].state for name in urls}
    assert states == dict.fromkeys(urls, "pending") | {
        "slow": "delivered",
        "endless": "delivered",
        "gone": "dead",
    }
    assert receiver.got == []
    assert found["redirecting"].note.endswith("redirects are not followed.")
    assert found["dripping"].note == "No whole answer within 15 seconds."
    assert found["silent"].note == "No whole answer within 15 seconds."
    assert found["dead"].note.startswith("No connection: ")
    assert len(found["endless"].attempts.get().response_body) == 4_096


def deliveries():
    return Delivery.objects.select_related("automation", "integration")


def test_410_switches_the_webhook_off_visibly(version, member, calling, org_admin):
    with receiving(always(410)) as gone:
        calling("gone", gone.url)
        put(member, version, "candidate")
        Worker(once=True).run()
        put(member, version, "second")
        Worker(once=True).run()
        assert len(gone.got) == 1
    first, second = deliveries().order_by("pk")
    assert first.integration.is_off
    assert first.integration.switched_off_because == "The receiver answered 410 Gone."
    assert (first.state, second.state) == ("dead", "dead")
    assert "switched off" in second.note
