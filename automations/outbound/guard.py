"""Names are resolved once, every answer is judged, and what was judged is what is called."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from functools import lru_cache

from django.conf import settings

from accounts.errors import Invalid
from automations.outbound.addresses import Allowed, reason_against
from automations.outbound.urls import Target, target_of

SECONDS_TO_RESOLVE_WHEN_SAVING = 3.0
# For each that a worker sends at once, one that is waited for and one that was left behind: name
# servers that do not answer take nothing from those that do. Threads are made when they are needed.
MOST_NAMES_AT_ONCE = 256


class Forbidden(Exception):
    """The name leads where this server does not call. Its text says where and why."""


class Unresolvable(Exception):
    """The name leads nowhere, or nobody answers where it leads."""


def checked_addresses(host: str, port: int, timeout: float) -> list[str]:
    """Where `host` leads: all of it may be called. One bad address refuses all.

    Forbidden or Unresolvable else. Seconds.
    """
    found = _resolved(host, port, timeout)
    for address in found:
        reason = reason_against(address, host, allowed())
        if reason:
            raise Forbidden(f"{host} leads to {reason}" if host != address else reason)
    return found


def check_when_saving(url: str) -> tuple[Target, str]:
    """Invalid for what must not be called. A name that does not resolve yet is a warning."""
    target = target_of(url)
    try:
        checked_addresses(target.host, target.port, SECONDS_TO_RESOLVE_WHEN_SAVING)
    except Forbidden as error:
        raise Invalid(
            "url_forbidden",
            f"This URL must not be called: {error}. Only public addresses are, "
            "and those the operator of this server allows.",
            field="url",
        ) from error
    except Unresolvable:
        return target, (
            f"{target.host} cannot be found at present. "
            "It was saved and will be tried all the same."
        )
    return target, ""


def allowed() -> Allowed:
    return _allowed(tuple(settings.WAYMARK_OUTBOUND_ALLOW))


@lru_cache(maxsize=4)
def _allowed(texts: tuple[str, ...]) -> Allowed:
    return Allowed.from_texts(texts)


def _resolved(host: str, port: int, timeout: float) -> list[str]:
    waiting = _threads(os.getpid()).submit(
        socket.getaddrinfo, host, port, socket.AF_UNSPEC, socket.SOCK_STREAM
    )
    try:
        answers = waiting.result(timeout)
    except TooLate as error:
        waiting.cancel()
        raise Unresolvable(f"{host} was not found in time") from error
    except (OSError, UnicodeError) as error:
        raise Unresolvable(f"{host} was not found") from error
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not addresses:
        raise Unresolvable(f"{host} was not found")
    return addresses


@lru_cache(maxsize=1)
def _threads(process: int) -> ThreadPoolExecutor:
    """The system's resolver cannot be told to hurry: it is left behind in a thread.

    Threads do not survive a fork, so each process has its own.
    """
    return ThreadPoolExecutor(MOST_NAMES_AT_ONCE, thread_name_prefix=f"resolve-{process}")
