"""The one family of refusals. Raised by operations, rendered once for each surface."""

from __future__ import annotations

NOTHING_HERE = "There is nothing at this address, or it is not shared with you."


class RegistryError(Exception):
    """Something the product does not do, as a sentence a person can act on.

    `code` names the rule for programs, `status` is the HTTP status of the answer and
    `field` the form field the sentence belongs beside, when there is one.
    """

    status = 400

    def __init__(self, code: str, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field


class NotFound(RegistryError):
    """Unknown, or not shared with the caller: the two must not be told apart."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_found", NOTHING_HERE)

    @classmethod
    def of(cls, kind: str) -> NotFound:
        """Names the kind of thing that was asked for, in the words of whoever asked alone."""
        refusal = cls()
        refusal.sentence = f"There is no {kind}, or it is not shared with you."
        refusal.args = (refusal.sentence,)
        return refusal


class NotAllowed(RegistryError):
    """The caller sees the thing and may not do this to it."""

    status = 403

    def __init__(self, sentence: str, *, code: str = "not_allowed") -> None:
        super().__init__(code, sentence)


class Invalid(RegistryError):
    """What was sent breaks a rule about values."""

    status = 422


class Conflict(RegistryError):
    """The state is not what the caller took it for, or another thing stands in the way."""

    status = 409


class Lost(RegistryError):
    """The server has not got any more what its rows speak of."""

    status = 410


class Full(RegistryError):
    """No room is left. The status is one after which scripts do not ask for hours."""

    status = 413


class Unavailable(RegistryError):
    """What is needed for it does not work for now. Another attempt may go well."""

    status = 503
