from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from automations.operations.secrets import reencrypt_all


class Command(BaseCommand):
    help = (
        "Brings every secret under the first of WAYMARK_ENCRYPTION_KEYS (or of the file "
        "encryption_keys in the data folder). Before: put the new key first and restart. "
        "After: take the old one out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = reencrypt_all(OPERATOR)
        except RegistryError as refusal:
            raise CommandError(f"{refusal.sentence} Nothing was changed.") from refusal
        self.stdout.write(f"{count} secrets and integrations are under the first key.")
