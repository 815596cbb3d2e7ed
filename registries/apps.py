from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from registries import search_index


class RegistriesConfig(AppConfig):
    name = "registries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registries import listeners  # noqa: F401, PLC0415 connects the receivers

        pre_migrate.connect(_let_search_index_go, sender=self)
        post_migrate.connect(_keep_search_index, sender=self)


def _let_search_index_go(using: str, plan: list[Any], **others: Any) -> None:
    """SQLite alters a table by making it anew, which triggers that name it would refuse."""
    if plan and connections[using].vendor == "sqlite":
        search_index.let_go(connections[using])


def _keep_search_index(using: str, **others: Any) -> None:
    search_index.keep(connections[using])
