"""What an address of a receiver must be, before anything is resolved or called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import idna

from accounts.errors import Invalid

LONGEST = 2_000
SHORTEST_PATH = 5
SHORTEST_PART = 8
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST_FORM = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?|[0-9a-f:.]+")


@dataclass(frozen=True)
class Target:
    """An address taken apart. `host` is in lower case, in ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """For people and logs: without path and query, which may hold secrets."""
        return f"{self.scheme}://{self.authority}"

    @property
    def parts_of_path(self) -> list[str]:
        """What of path and query may be a secret that the receiver repeats: the whole, unless it
        is a letter or two, and every long part of it; as they are sent, and as they are read."""
        whole = [self.path, self.path.partition("?")[0]]
        found = [part for part in whole if len(part) >= SHORTEST_PATH]
        found += [part for part in re.split(r"[/?&=]", self.path) if len(part) >= SHORTEST_PART]
        return found + [unquote(part) for part in found]

    @property
    def authority(self) -> str:
        """As the Host header wants it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def target_of(url: str) -> Target:
    """Invalid, with the reason, for whatever is not plain http or https to a host."""
    if len(url) > LONGEST:
        raise _invalid("A URL has at most 2,000 characters.")
    if any(ord(character) <= 0x20 or 0x7F <= ord(character) < 0xA0 for character in url):
        raise _invalid("A URL has no spaces and no control characters.")
    if "\\" in url:
        raise _invalid("A URL has no backslash.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _invalid("This is not a URL: its host or port cannot be read.") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise _invalid("A URL begins with https:// or http://.")
    if "@" in parts.netloc:
        raise _invalid("A URL holds no user name and password. Use an access token.")
    if port == 0:
        raise _invalid("Port 0 cannot be called.")
    path = parts.path or "/"
    return Target(
        parts.scheme,
        _host(parts.hostname or ""),
        port or DEFAULT_PORTS[parts.scheme],
        _in_ascii(f"{path}?{parts.query}" if parts.query else path),
    )


def _host(name: str) -> str:
    """In ASCII, as resolvers take it: full-width digits become digits, ß stays a name."""
    if ":" in name:
        return name.lower()
    try:
        plain = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        raise _invalid("The host of this URL is not a name.") from error
    plain = plain.lower().rstrip(".")
    if not HOST_FORM.fullmatch(plain):
        raise _invalid("This URL names no host that could be called.")
    return plain


def _in_ascii(path: str) -> str:
    return "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in path
    )


def _invalid(sentence: str) -> Invalid:
    return Invalid("url", sentence, field="url")
