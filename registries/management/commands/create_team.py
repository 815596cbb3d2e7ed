"""`manage.py create_team NAME --organization O`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.models import Organization
from accounts.operations.teams import create_team


class Command(BaseCommand):
    help = "Creates a team in an organization."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--organization", required=True)

    def handle(self, *, name: str, organization: str, **_: Any) -> None:
        owner = Organization.objects.filter(entity__name__iexact=organization).first()
        if owner is None:
            raise CommandError(f"There is no organization “{organization}”.")
        try:
            team = create_team(OPERATOR, owner, name)
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Created team {team.name} in {owner.name}.")
