"""The cache that rate limits are counted in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connections, router, transaction


class CountingCache(DatabaseCache):
    """A count that cannot be written is the database's error.

    Django takes every error of a write for another process having been first, and goes on. Who
    counts attempts then takes a full disk for too many of them.
    """

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        errors: list[DatabaseError] = []

        def watched(execute: Callable[..., Any], *statement: Any) -> Any:
            try:
                return execute(*statement)
            except DatabaseError as error:
                errors.append(error)
                raise

        database = router.db_for_write(self.cache_model_class)
        with transaction.atomic(database), connections[database].execute_wrapper(watched):
            kept = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
            for error in errors:
                if not isinstance(error, IntegrityError):
                    raise error
        return bool(kept)
