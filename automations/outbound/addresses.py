"""To which addresses this server may open a connection: public ones, and what is allowed.

`ipaddress` alone takes some ways to a private address for public: those that carry an IPv4
address inside are opened, and some public ones that mean a cloud's inside are listed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

INSIDES_OF_CLOUDS = tuple(
    map(
        ipaddress.ip_network,
        ("169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32"),
    )
)
# Not global in meaning, whatever the Python version says of them.
NEVER_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/96",
            "::ffff:0:0/96",
            "::ffff:0:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)


@dataclass(frozen=True)
class Allowed:
    """What the operator lets through besides: host names and ranges. Loosens nothing else."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Allowed:
        """ValueError for a range that is none. What is not a range is a name."""
        names, networks = set(), []
        for text in filter(None, (text.strip().lower() for text in texts)):
            try:
                networks.append(ipaddress.ip_network(text.strip("[]")))
            except ValueError:
                if "/" in text:
                    raise
                names.add(text.rstrip("."))
        return cls(frozenset(names), tuple(networks))

    def has(self, address: Address, name: str) -> bool:
        """A name opens private addresses, never those that mean the inside of a cloud."""
        if any(address in network for network in self.networks):
            return True
        return name in self.names and not _is_worse_than_private(address)


def reason_against(text: str, name: str, allowed: Allowed) -> str | None:
    """Why the address `text`, to which `name` leads, is not called; None when it may be."""
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return f"“{text[:100]}” is not an address"
    if "%" in text:
        return f"{text} is an address of one network card"
    if allowed.has(address, name):
        return None
    if any(address in network for network in INSIDES_OF_CLOUDS):
        return f"{address} is an address inside a cloud"
    if address.is_loopback:
        return f"{address} is this machine"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return f"{address} is not a public address"
    if any(address in network for network in NEVER_PUBLIC):
        return f"{address} is not a public address"
    return None


def _is_worse_than_private(address: Address) -> bool:
    return (
        address.is_multicast
        or address.is_unspecified
        or address.is_link_local
        or any(address in network for network in INSIDES_OF_CLOUDS)
    )
