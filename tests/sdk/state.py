"""What a refused call may not have done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from accounts.models import ApiKey
from tests.refusals import everything

if TYPE_CHECKING:
    from collections.abc import Iterator

# That a key was used is noted whatever it was used for.
BESIDES = {ApiKey._meta.db_table}


@contextmanager
def unchanged() -> Iterator[None]:
    """All rows and files but the notes on keys are the same before and after."""
    before = everything()
    yield
    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= BESIDES, changed
