"""`manage.py reset_link NAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.adapters import address_of
from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.models import User
from accounts.operations.reset_links import create_reset_link


class Command(BaseCommand):
    help = "Prints a link by which one person chooses a new password, within 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **_: Any) -> None:
        user = User.objects.filter(username__iexact=name).first()
        if user is None:
            raise CommandError(f"There is nobody called “{name}”.")
        try:
            path = create_reset_link(OPERATOR, user)
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(address_of(None, path))
