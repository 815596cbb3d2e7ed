"""`manage.py sign_in_link NAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.addresses import server_address
from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from accounts.models import User
from accounts.operations.sign_in_links import create_sign_in_link


class Command(BaseCommand):
    help = "Prints a link that signs one person in, once, within 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **_: Any) -> None:
        user = User.objects.filter(username__iexact=name).first()
        if user is None:
            raise CommandError(f"There is nobody called “{name}”.")
        try:
            token = create_sign_in_link(OPERATOR, user)
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(server_address() + reverse("sign-in-link", args=[token]))
