"""One message with all its attempts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from automations.curl import curl_of
from automations.masking import MASK
from automations.messages import Story
from automations.models import Delivery, DeliveryAttempt
from automations.queries.deliveries import DeliveryRow

MOST_ATTEMPTS = 50
ORIGIN = re.compile(r"[a-z]+://[^/?#]*")


@dataclass(frozen=True)
class ShownAttempt:
    """Only those who manage the integration get the `whole` URL: its path may be a secret."""

    attempt: DeliveryAttempt
    whole: bool = False

    @property
    def request_url(self) -> str:
        url = self.attempt.request_url
        origin = ORIGIN.match(url)
        return url if self.whole or origin is None else f"{origin[0]}/{MASK}"

    @property
    def curl(self) -> str:
        return curl_of(self.attempt, self.request_url)

    @property
    def request_body(self) -> str:
        return indented(self.attempt.request_body)

    @property
    def response_body(self) -> str:
        return indented(self.attempt.response_body)

    @property
    def request_headers(self) -> str:
        return _lines(self.attempt.request_headers)

    @property
    def response_headers(self) -> str:
        return _lines(self.attempt.response_headers)


@dataclass(frozen=True)
class ShownDelivery:
    row: DeliveryRow
    sentence: str
    attempts: list[ShownAttempt]


def shown_delivery(delivery: Delivery, *, whole: bool) -> ShownDelivery:
    """The latest attempt first; `whole` as of `ShownAttempt`."""
    attempts = delivery.attempts.order_by("-number")[:MOST_ATTEMPTS]
    sentence = Story.of(delivery.happening, delivery.automation).sentence()
    shown = [ShownAttempt(one, whole) for one in attempts]
    return ShownDelivery(DeliveryRow(delivery), sentence, shown)


def indented(text: str) -> str:
    """JSON over several lines; anything else as it is."""
    try:
        lines = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        # Half of a pair of surrogates is JSON and no text: no page can show it.
        lines.encode()
    except (ValueError, RecursionError):
        return text
    return lines


def _lines(headers: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())
