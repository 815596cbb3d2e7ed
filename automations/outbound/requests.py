"""A request ready to be sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from automations.masking import MASK, Mask
from automations.outbound.urls import Target


@dataclass(frozen=True)
class Request:
    """`shown_url`, `mask` and `answer_mask` are for the log; the others hold secrets. The second
    masks as well what an answer may repeat of the URL, which may be a word of what is sent."""

    target: Target
    headers: dict[str, str]
    body: bytes
    mask: Mask
    shown_url: str
    answer_mask: Mask
    hidden_headers: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Request to {self.target.origin}>"

    def shown_headers(self) -> dict[str, str]:
        return {
            name: MASK if name in self.hidden_headers else self.mask(value)
            for name, value in self.headers.items()
        }

    def shown_body(self) -> str:
        return self.mask(self.body.decode())


@dataclass(frozen=True)
class Answer:
    """`status` is None where none came; then `error` says why. `body` is cut off, as bytes."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300
