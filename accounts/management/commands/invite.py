"""`manage.py invite ORGANIZATION`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.adapters import address_of
from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.models import Organization, OrganizationMembership, Team, TeamMembership
from accounts.operations.invitations import DAYS, invite


class Command(BaseCommand):
    help = "Prints a link by which somebody joins an organization, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization")
        parser.add_argument("--role", choices=OrganizationMembership.Role.values, default="member")
        parser.add_argument("--team")
        parser.add_argument("--days", type=int, default=DAYS)

    def handle(self, *, organization: str, role: str, days: int, **options: Any) -> None:
        owner = Organization.objects.filter(entity__name__iexact=organization).first()
        if owner is None:
            raise CommandError(f"There is no organization “{organization}”.")
        try:
            _, token = invite(
                OPERATOR, owner, role=role, teams=_teams(owner, options["team"]), days=days
            )
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(address_of(None, reverse("accept-invitation", args=[token])))


def _teams(owner: Organization, name: str | None) -> dict[Team, str]:
    if name is None:
        return {}
    team = owner.teams.filter(name__iexact=name).first()
    if team is None:
        raise CommandError(f"{owner.name} has no team “{name}”.")
    return {team: TeamMembership.Role.MEMBER}
