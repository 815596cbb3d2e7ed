"""`manage.py remove_unreferenced_files`: frees what deleted artifacts and lost uploads took."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.callers import OPERATOR
from accounts.errors import RegistryError
from artifacts.operations.cleaning import remove_unreferenced_files

MOST_HOURS = 100 * 365 * 24


class Command(BaseCommand):
    help = "Removes files nobody refers to. Safe while the server runs and takes uploads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument(
            "--hours", type=int, default=24, help="keep what was brought since then; 24 without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["hours"] <= MOST_HOURS:
            raise CommandError(f"--hours is a number from 1 to {MOST_HOURS:,}, a hundred years.")
        try:
            removed = remove_unreferenced_files(
                OPERATOR,
                older_than=timedelta(hours=options["hours"]),
                dry_run=options["dry_run"],
            )
        except RegistryError as refusal:
            raise CommandError(refusal.sentence) from refusal
        verb = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(
            f"{verb} {removed.files} files ({removed.bytes} bytes), {removed.strays} strays "
            f"and {removed.uploads} uploads that were never finished."
        )
