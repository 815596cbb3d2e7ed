"""What a proxy tells of a request, believed from trusted proxies alone.

Anybody can send `X-Forwarded-For`. From an address that is not in WAYMARK_TRUSTED_PROXIES such
headers are taken off before anything reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network
Answer = Callable[[HttpRequest], HttpResponse]

BITS_BEFORE_IPV4 = 96

TOLD_BY_PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP",
)


def networks(texts: Iterable[str]) -> list[Network]:
    """Addresses and networks as the environment gives them, refused with a sentence else."""
    found: list[Network] = []
    for text in texts:
        try:
            found.append(_plain_network(ip_network(text.strip())))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"WAYMARK_TRUSTED_PROXIES lists addresses like 10.0.0.7 or 10.0.0.0/24, not {text}."
            ) from error
    if any(network.prefixlen == 0 for network in found):
        raise ImproperlyConfigured(
            "WAYMARK_TRUSTED_PROXIES would trust every address, so that anybody could say who "
            "they are. Name the proxies alone."
        )
    return found


def trusted_proxies(get_response: Answer) -> Answer:
    """The first middleware: all others see the visitor's own address, scheme and host."""

    def answer(request: HttpRequest) -> HttpResponse:
        meta = request.META
        told = {name: meta.pop(name) for name in TOLD_BY_PROXIES if name in meta}
        peer = _address(meta.get("REMOTE_ADDR", ""))
        if peer is not None:
            meta["REMOTE_ADDR"] = str(peer)
        if told and _is_trusted(meta.get("REMOTE_ADDR", "")):
            _believe(meta, told)
        return get_response(request)

    return answer


def _believe(meta: dict[str, Any], told: dict[str, str]) -> None:
    visitor = _visitor(told.get("HTTP_X_FORWARDED_FOR", ""))
    if visitor:
        meta["REMOTE_ADDR"] = visitor
    scheme = told.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
    if scheme in {"http", "https"}:
        meta["wsgi.url_scheme"] = scheme
    host = told.get("HTTP_X_FORWARDED_HOST", "").strip()
    if host and "," not in host:
        meta["HTTP_HOST"] = host


def _visitor(chain: str) -> str | None:
    """The last address in the chain that is no proxy of ours: what is before it anybody wrote."""
    for text in reversed(chain.split(",")):
        address = _address(text.strip())
        if address is None:
            return None
        if not _is_trusted(str(address)):
            return str(address)
    return None


def _is_trusted(text: str) -> bool:
    address = _address(text)
    return address is not None and any(
        address in network for network in settings.WAYMARK_TRUSTED_PROXIES
    )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """A server that listens on :: sees 10.0.0.7 as ::ffff:10.0.0.7: the same address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _plain_network(network: Network) -> Network:
    inner = getattr(network.network_address, "ipv4_mapped", None)
    if inner is None or network.prefixlen < BITS_BEFORE_IPV4:
        return network
    return ip_network(f"{inner}/{network.prefixlen - BITS_BEFORE_IPV4}")
