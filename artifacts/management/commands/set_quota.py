"""`manage.py set_quota`: what an organization, or a person, may store."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.models import Entity
from artifacts.operations.storage_use import set_quota


class Command(BaseCommand):
    help = "Sets what an organization or a person may store. Without numbers the server's default."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--bytes", type=int, default=None)
        parser.add_argument("--files", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        entity = Entity.objects.filter(name__iexact=options["name"]).first()
        if entity is None:
            raise CommandError(f"There is nobody called “{options['name']}”.")
        try:
            set_quota(OPERATOR, entity, most_bytes=options["bytes"], most_files=options["files"])
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Set the quota of {entity.name}.")
