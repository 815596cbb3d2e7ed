"""What a refusal must be: the right kind, a sentence, and nothing changed anywhere."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.errors import RegistryError

OUR_APPS = ("accounts", "artifacts", "registries", "sessions")


def everything() -> dict[str, Any]:
    """All rows of all tables of the product, and the names of all files it keeps."""
    state: dict[str, Any] = {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
    }
    kept = Path(settings.WAYMARK_DATA) / "files"
    state["files"] = sorted(str(path) for path in kept.rglob("*") if path.is_file())
    return state


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()


@contextmanager
def refused(
    kind: type[RegistryError], code: str | None = None
) -> Iterator[pytest.ExceptionInfo[RegistryError]]:
    """The block is refused with `kind` (and `code`), in a whole sentence, without any trace."""
    with nothing_changes(), pytest.raises(kind) as refusal:
        yield refusal
    assert refusal.type is kind
    if code is not None:
        assert refusal.value.code == code
    sentence = refusal.value.sentence
    assert sentence == sentence.strip()
    assert sentence.endswith(".")
    assert not any(word in sentence.lower() for word in ("please", "sorry", "oops", "!"))
