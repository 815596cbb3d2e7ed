from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from accounts.errors import Unavailable
from registry_site.backups.whole import back_up
from registry_site.settings_in_use import on_one_line, settings_in_use


class Command(BaseCommand):
    # They look at the code of pages, which takes longer than a small copy.
    requires_system_checks = []  # noqa: RUF012
    help = "Copies database, files and keys into a new folder while the server goes on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder to make")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["path"].resolve()
        try:
            note = back_up(path)
        except (OSError, sqlite3.Error, Unavailable) as error:
            raise CommandError(f"No backup was made: {on_one_line(error)}") from error
        except Error as error:
            told = f"No backup was made: {on_one_line(error)} {settings_in_use()}"
            raise CommandError(told) from error
        self.stdout.write(f"{note['files']} files, {note['bytes']} bytes and the database: {path}")
        self.stdout.write("It holds secrets: keep it where only operators read.")
