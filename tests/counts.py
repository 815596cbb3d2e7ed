"""How often a hunt is repeated: a little in `make test`, in full in `make thorough`."""

from __future__ import annotations

from typing import Any

import pytest


def few_and_all(few: Any, all_of_them: Any) -> list[Any]:
    """For `parametrize`: the second value stands behind the marker `thorough`."""
    return [few, pytest.param(all_of_them, marks=pytest.mark.thorough)]
