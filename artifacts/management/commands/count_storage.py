"""`manage.py count_storage`: counts anew what everybody stores."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.callers import OPERATOR
from accounts.models import Entity
from artifacts.operations.storage_use import count_again


class Command(BaseCommand):
    help = (
        "Counts the storage of every team and person from what their artifacts and runs refer to."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for entity in Entity.objects.filter(projects__isnull=False).distinct().order_by("name"):
            use = count_again(OPERATOR, entity)
            self.stdout.write(f"{entity.name}: {use.bytes} bytes in {use.files} files")
