"""URLs that must never be called, and a resolver that knows the names in them."""

from __future__ import annotations

import socket

# Names of hostile zones → what their servers answer.
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localtest.example": ["127.0.0.1"],
    "private.example": ["10.0.0.5"],
    "mixed.example": ["93.184.216.34", "10.0.0.5"],
    "mixed6.example": ["2606:2800:220:1::1", "fd00::5"],
    "metadata.example": ["169.254.169.254"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "compatible.example": ["::127.0.0.1"],
    "zone.example": ["fe80::1%eth0"],
    "public.example": ["93.184.216.34"],
    "metadata.google.internal": ["169.254.169.254"],
}

IPV4 = """
127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1
0177.0.0.1 0177.1 017700000001 00000177.0.0.1 0.0.0.0 0 10.0.0.1 10.255.255.255 172.16.0.1
172.31.255.255 192.168.0.1 192.168.1.1 0xc0a80001 3232235521 100.64.0.1 100.127.255.254
100.100.100.200 169.254.169.254 169.254.0.1 0xa9fea9fe 2852039166 168.63.129.16 192.0.0.1
192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 192.88.99.1
""".split()

IPV6 = """
::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::127.0.0.1 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1::1 2002:a00:1::1 2001::1
fd00:ec2::254 fd00::1 fc00::1 fe80::1 fec0::1 ff02::1 100::1 2001:db8::1 5f00::1
""".split()

WIDE = ["１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "𝟏𝟐𝟕.𝟎.𝟎.𝟏"]

FORMS = """
ftp://public.example/ file:///etc/passwd gopher://public.example/ javascript:alert(1)
//public.example/ public.example http://user:pass@public.example/ http://user@127.0.0.1/
http://public.example:0/ http://public.example:99999/ http:// http:///path
http://public.example\\@127.0.0.1/ http://127.0.0.1#@public.example/ http://[::1
http://public.example%00.private.example/ unix:///var/run/docker.sock
""".split()
WITH_SPACES = [
    "http://public.example/a b",
    "http://public.example/\r\nX: y",
    "http://a\tb.example/",
]

URLS = [
    *(f"http://{address}/" for address in IPV4),
    *(f"https://[{address}]:8443/" for address in IPV6),
    *(f"http://{host}/" for host in WIDE),
    *(f"http://{name}/hook" for name in NAMES if name != "public.example"),
    *(f"http://{name.upper()}./hook" for name in ("localhost", "metadata.google.internal")),
    *FORMS,
    *WITH_SPACES,
]

real = socket.getaddrinfo


def resolve(host, port, *details, **options):
    """Names from the table; spellings of numbers as the system reads them; no network."""
    if host in NAMES:
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, 1, 6, "", (address, port))
            for address in NAMES[host]
        ]
    return real(host, port, *details, flags=socket.AI_NUMERICHOST)
