"""Asking as the SDK asks, without the SDK."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.wandb_api.asking import Asker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ask(caplog: pytest.LogCaptureFixture) -> Iterator[Asker]:
    """`ask(user, query, **variables)`. Nothing that is asked may find a fault in the server."""
    yield Asker()
    faults = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not faults, faults
