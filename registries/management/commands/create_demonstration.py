"""`manage.py create_demonstration`, called by the first start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import RegistryError
from registries.demonstration.story import ORGANIZATION, tell


class Command(BaseCommand):
    help = "Creates the organization smle-reg with the Zoo data, people, aliases and a history."

    def handle(self, **_: Any) -> None:
        try:
            tell()
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Created the demonstration organization {ORGANIZATION}.")
