"""`manage.py create_organization NAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from registries.operations.organizations import create_organization


class Command(BaseCommand):
    help = "Creates an organization with the core registries Model and Dataset."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--without-core-registries", action="store_true")

    def handle(self, *, name: str, without_core_registries: bool, **_: Any) -> None:
        try:
            organization = create_organization(
                OPERATOR, name, with_core_registries=not without_core_registries
            )
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Created organization {organization.name}.")
