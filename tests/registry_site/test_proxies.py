"""Headers of proxies count from trusted proxies alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from registry_site.proxies import networks, trusted_proxies

PROXY, VISITOR, OTHER = "10.0.0.7", "203.0.113.9", "198.51.100.4"


@pytest.fixture(autouse=True)
def one_trusted_network(settings) -> None:
    settings.WAYMARK_TRUSTED_PROXIES = networks(["10.0.0.0/24", "fd00::1"])


def seen(remote: str, **headers: str) -> tuple[str, str, str, list[str]]:
    """Address, scheme, host and what is left of the proxies' headers, as the site sees them."""
    request = RequestFactory().get("/", headers=headers | {"Host": "inside"}, REMOTE_ADDR=remote)
    trusted_proxies(lambda _: HttpResponse())(request)
    left = [name for name in request.META if "FORWARDED" in name or "REAL_IP" in name]
    return request.META["REMOTE_ADDR"], request.scheme, request.META["HTTP_HOST"], left


TOLD = {
    "X-Forwarded-For": VISITOR,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "registry.example.org",
    "X-Real-IP": OTHER,
    "Forwarded": f"for={OTHER}",
}


def test_a_trusted_proxy_tells_who_asks_and_how():
    assert seen(PROXY, **TOLD) == (VISITOR, "https", "registry.example.org", [])
    assert seen("fd00::1", **TOLD)[0] == VISITOR


def test_nobody_else_is_believed():
    assert seen(OTHER, **TOLD) == (OTHER, "http", "inside", [])
    assert seen("", **TOLD)[0] == ""


def test_an_ipv4_address_is_itself_to_a_server_that_listens_on_ipv6_as_well():
    assert seen(f"::ffff:{PROXY}", **TOLD) == (VISITOR, "https", "registry.example.org", [])
    assert seen(f"::ffff:{OTHER}", **TOLD) == (OTHER, "http", "inside", [])
    assert seen(PROXY, **{"X-Forwarded-For": f"{VISITOR}, ::ffff:10.0.0.9"})[0] == VISITOR


def test_a_proxy_may_be_named_by_either_form_of_its_address(settings):
    settings.WAYMARK_TRUSTED_PROXIES = networks(["::ffff:10.0.0.7"])
    assert seen(PROXY, **TOLD)[0] == VISITOR
    assert seen("10.0.0.8", **TOLD)[0] == "10.0.0.8"


def test_what_a_visitor_wrote_before_the_proxy_is_not_believed():
    assert seen(PROXY, **{"X-Forwarded-For": f"127.0.0.1, {VISITOR}"})[0] == VISITOR
    assert seen(PROXY, **{"X-Forwarded-For": f"{VISITOR}, 10.0.0.9"})[0] == VISITOR


@pytest.mark.parametrize("chain", ["", "unknown", "10.0.0.9", f"{VISITOR}, x", "1.2.3.4:80"])
def test_a_chain_without_a_visitor_leaves_the_proxys_address(chain):
    assert seen(PROXY, **{"X-Forwarded-For": chain})[0] == PROXY


@pytest.mark.parametrize(("name", "value"), [("Proto", "gopher"), ("Host", "a.example, b.example")])
def test_odd_values_change_nothing(name, value):
    assert seen(PROXY, **{f"X-Forwarded-{name}": value}) == (PROXY, "http", "inside", [])


def test_without_trusted_proxies_no_header_counts(settings):
    settings.WAYMARK_TRUSTED_PROXIES = []
    assert seen(PROXY, **TOLD) == (PROXY, "http", "inside", [])


@pytest.mark.parametrize(
    "text", ["proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "::ffff:0:0/96", "10.0.0.7/24"]
)
def test_an_unsafe_list_of_proxies_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="WAYMARK_TRUSTED_PROXIES"):
        networks([text])
