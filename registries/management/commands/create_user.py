"""`manage.py create_user NAME`: makes a person or service account exist, with what is named."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.callers import OPERATOR
from accounts.errors import Invalid, RegistryError
from accounts.models import Organization, OrganizationMembership, Team, User
from accounts.operations.api_keys import create_api_key, register_api_key
from accounts.operations.organizations import set_organization_role
from accounts.operations.people import create_user, edit_user
from accounts.operations.service_accounts import adopt_service_account
from accounts.operations.teams import add_to_team, create_team
from registries.operations.organizations import create_organization

MEMBER = OrganizationMembership.Role.MEMBER


class Command(BaseCommand):
    help = (
        "Creates a person or service account, and the organization and team when they are "
        "missing. For somebody who exists it adds what is named and leaves the rest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--email")
        parser.add_argument("--organization")
        parser.add_argument("--org-role", choices=OrganizationMembership.Role.values)
        parser.add_argument("--team")
        parser.add_argument("--staff", action="store_true")
        parser.add_argument("--service-account", action="store_true")
        given = parser.add_mutually_exclusive_group()
        given.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        given.add_argument(
            "--api-key-stdin",
            action="store_true",
            help="register the key on standard input, at least 40 characters",
        )
        parser.add_argument("--api-key", action="store_true", help="make a key and print it")

    def handle(self, *, name: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                lines = _make(name, options)
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("\n".join(lines))


def _make(name: str, options: dict[str, Any]) -> list[str]:
    """What was done, a line each; the last is the new key alone, when one was asked for."""
    user, lines = _person(name, options)
    lines += _place(user, options)
    if options["api_key_stdin"]:
        register_api_key(OPERATOR, user, sys.stdin.readline().strip(), name="registered")
        lines.append("Registered the key.")
    if options["api_key"]:
        lines.append(create_api_key(OPERATOR, user, name="create_user")[1])
    return lines


def _person(name: str, options: dict[str, Any]) -> tuple[User, list[str]]:
    password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
    user = User.objects.filter(username__iexact=name).first()
    if user is None:
        user = create_user(
            OPERATOR,
            name,
            email=options["email"] or "",
            password=password,
            is_staff=options["staff"],
            is_service_account=options["service_account"],
        )
        return user, [f"Created {user.username}."]
    if options["service_account"] and not user.is_service_account:
        raise Invalid("not_a_service_account", f"{user.username} is a person already.")
    edit_user(
        OPERATOR,
        user,
        email=options["email"],
        password=password,
        is_staff=True if options["staff"] else None,
    )
    return user, [f"{user.username} exists."]


def _place(user: User, options: dict[str, Any]) -> list[str]:
    if options["organization"] is None:
        if options["team"] or options["org_role"]:
            raise Invalid("no_organization", "Name the organization with --organization.")
        return []
    organization = Organization.objects.filter(
        entity__name__iexact=options["organization"]
    ).first() or create_organization(OPERATOR, options["organization"])
    present = organization.memberships.filter(user=user).first()
    role = options["org_role"] or (present.role if present else MEMBER)
    set_organization_role(OPERATOR, organization, user, role)
    lines = [f"{user.username} is {role} of {organization.name}."]
    if options["team"]:
        team = _team(organization, options["team"])
        if not team.memberships.filter(user=user).exists():
            add_to_team(OPERATOR, team, user)
        if user.is_service_account and user.owner_team is None:
            adopt_service_account(OPERATOR, team, user)
        lines.append(f"{user.username} is in {team.name}.")
    return lines


def _team(organization: Organization, name: str) -> Team:
    team = organization.teams.filter(entity__name__iexact=name).first()
    return team or create_team(OPERATOR, organization, name)
