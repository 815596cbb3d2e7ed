from __future__ import annotations

import socket
import threading

import pytest

from accounts.errors import Invalid
from automations.masking import Mask
from automations.models import Integration
from automations.operations.integrations import (
    create_slack_channel,
    create_webhook,
    edit_webhook,
)
from automations.outbound import guard
from automations.outbound.client import send
from automations.outbound.guard import check_when_saving
from automations.outbound.requests import Request
from automations.outbound.urls import target_of
from automations.worker import THREADS
from tests.automations.outbound.hostile_urls import NAMES, URLS, resolve
from tests.personas import caller_of
from tests.refusals import refused


@pytest.fixture
def connected(monkeypatch):
    """Every address a socket was to be connected to; none is."""
    attempts = []

    def connect(_, address):
        attempts.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return attempts


@pytest.fixture(autouse=True)
def _nothing_is_allowed(settings):
    settings.WAYMARK_OUTBOUND_ALLOW = []


def request_to(url: str) -> Request:
    return Request(target_of(url), {}, b"{}", Mask([]), url, Mask([]))


def test_there_are_80_hostile_urls():
    assert len(set(URLS)) >= 80


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_url_is_refused_when_saved_with_the_reason(url, connected):
    with pytest.raises(Invalid) as refusal:
        check_when_saving(url)
    assert refusal.value.field == "url"
    assert refusal.value.sentence.endswith(".")
    assert connected == []


def test_no_integration_is_saved_with_a_hostile_url(entity, org_admin, connected):
    by = caller_of(org_admin)
    for number, url in enumerate(URLS):
        for save in (create_webhook, create_slack_channel):
            with pytest.raises(Invalid):
                save(by, entity, f"n{number}", url)
    assert not Integration.objects.exists()
    assert connected == []


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_url_that_was_saved_reaches_no_socket(url, connected):
    """As a row from before a rule, or a name that leads elsewhere since."""
    try:
        answer = send(request_to(url))
    except Invalid:
        return  # not even a target
    assert answer.status is None
    assert answer.error.startswith("Not called: ")
    assert connected == []


def test_a_public_name_is_called_at_the_address_that_was_checked(connected):
    assert check_when_saving("https://public.example/hook")[1] == ""
    answer = send(request_to("https://public.example/hook"))
    assert answer.error.startswith("No connection: ")
    assert connected == NAMES["public.example"]


def test_a_name_is_resolved_once_for_a_connection(connected, monkeypatch):
    """What a second look would find is never looked at."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked = []

    def rebinding(host, port, *details):
        if host[0].isdigit():  # an address, read without asking anybody
            return resolve(host, port, *details)
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    send(request_to("http://rebinding.example/"))
    assert (asked, connected) == (["rebinding.example"], ["93.184.216.34"])
    assert send(request_to("http://rebinding.example/")).error.startswith("Not called: ")
    assert connected == ["93.184.216.34"]


def test_a_name_that_does_not_resolve_is_saved_with_a_warning(entity, org_admin, connected):
    saved = create_webhook(caller_of(org_admin), entity, "n", "http://unknown.example/")
    assert "cannot be found at present" in saved.warning
    answer = send(request_to("http://unknown.example/"))
    assert answer.error == "Not found: unknown.example was not found."
    assert connected == []


def test_a_refused_url_changes_nothing(entity, org_admin, connected):
    by = caller_of(org_admin)
    webhook = create_webhook(by, entity, "n", "http://public.example/").integration
    with refused(Invalid, "url_forbidden") as refusal:
        edit_webhook(by, webhook, name="m", url="http://127.1/")
    assert "127.0.0.1 is this machine" in refusal.value.sentence
    assert Integration.objects.get().name == "n"


@pytest.mark.parametrize(
    ("allow", "reached"),
    [
        (["private.example"], "10.0.0.5"),
        (["10.0.0.0/24"], "10.0.0.5"),
        (["10.0.0.5"], "10.0.0.5"),
    ],
)
def test_the_operator_allows_hosts_and_ranges(allow, reached, connected, settings):
    settings.WAYMARK_OUTBOUND_ALLOW = allow
    send(request_to("http://private.example/"))
    assert connected == [reached]


@pytest.mark.parametrize(
    ("allow", "url"),
    [
        ("private.example", "http://10.0.0.5/"),
        ("private.example", "http://sub.private.example/"),
        ("metadata.example", "http://metadata.example/"),
        ("10.0.0.0/24", "http://192.168.1.1/"),
        ("10.0.0.0/24", "http://user:pass@10.0.0.5/"),
        ("10.0.0.0/24", "ftp://10.0.0.5/"),
        ("127.0.0.1", "http://localhost/"),
    ],
)
def test_what_is_allowed_loosens_nothing_else(allow, url, connected, settings, monkeypatch):
    settings.WAYMARK_OUTBOUND_ALLOW = [allow]
    monkeypatch.setitem(NAMES, "sub.private.example", ["10.0.0.5"])
    with pytest.raises(Invalid):
        check_when_saving(url)
    assert connected == []


def test_proxies_of_the_environment_are_not_asked(connected, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    send(request_to("http://public.example/"))
    assert connected == NAMES["public.example"]


def test_names_that_nobody_answers_for_hold_up_no_other(monkeypatch, connected):
    """As many as a worker sends at once are asked for, and as many that were left behind."""
    never, asked = threading.Event(), threading.Semaphore(0)

    def answering(host, *details):
        if host == "slow.example":
            asked.release()
            never.wait(30)
        return resolve(host, *details)

    monkeypatch.setattr(socket, "getaddrinfo", answering)

    def ask():
        with pytest.raises(guard.Unresolvable):
            guard.checked_addresses("slow.example", 80, 0.05)

    askers = [threading.Thread(target=ask) for _ in range(2 * THREADS - 1)]
    try:
        for asker in askers:
            asker.start()
        assert all(asked.acquire(timeout=20) for _ in askers)
        assert guard.checked_addresses("public.example", 80, 10) == NAMES["public.example"]
    finally:
        never.set()
        for asker in askers:
            asker.join()


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch, connected):
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: never.wait(10))
    with pytest.raises(guard.Unresolvable, match="not found in time"):
        guard.checked_addresses("slow.example", 80, 0.05)
    never.set()
