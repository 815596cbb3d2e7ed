"""MD5 and SHA-256 whose work can be put aside on disk and taken up by another process.

`hashlib` keeps its state to itself; the library beneath it does not: there a state is plain memory.
`IS_AVAILABLE` says whether this machine's library lets it be reached.
"""

from __future__ import annotations

import _hashlib
import ctypes
from typing import Any

# More than either needs (112 bytes), so that a later library may add a field.
STATE = 256
DIGESTS = {"MD5": 16, "SHA256": 32}
ABOUT_STATE = STATE * len(DIGESTS)


def _functions() -> dict[str, Any] | None:
    """By name, from the library that Python's own hashes use; None where it hides them."""
    library = ctypes.CDLL(_hashlib.__file__)
    try:
        found = {
            f"{kind}_{step}": getattr(library, f"{kind}_{step}")
            for kind in DIGESTS
            for step in ("Init", "Update", "Final")
        }
    except AttributeError:
        return None
    for kind in DIGESTS:
        found[f"{kind}_Update"].argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
    return found


FUNCTIONS = _functions()
IS_AVAILABLE = FUNCTIONS is not None


class ResumableDigests:
    """Both digests of one stream of bytes. `state` is what another instance goes on from."""

    def __init__(self, state: bytes | None = None) -> None:
        if FUNCTIONS is None:
            raise RuntimeError("This machine's library does not show the state of a hash.")
        self._call = FUNCTIONS
        self._memory = {kind: ctypes.create_string_buffer(STATE) for kind in DIGESTS}
        for position, (kind, memory) in enumerate(self._memory.items()):
            if state is None:
                self._call[f"{kind}_Init"](memory)
            else:
                memory.raw = state[position * STATE : (position + 1) * STATE]

    def update(self, piece: bytes) -> None:
        for kind, memory in self._memory.items():
            self._call[f"{kind}_Update"](memory, piece, len(piece))

    @property
    def state(self) -> bytes:
        return b"".join(memory.raw for memory in self._memory.values())

    def hex(self) -> tuple[str, str]:
        """MD5 and SHA-256 so far; more may come after."""
        return self._final("MD5"), self._final("SHA256")

    def _final(self, kind: str) -> str:
        memory = ctypes.create_string_buffer(self._memory[kind].raw, STATE)
        digest = ctypes.create_string_buffer(DIGESTS[kind])
        self._call[f"{kind}_Final"](digest, memory)
        return digest.raw.hex()
