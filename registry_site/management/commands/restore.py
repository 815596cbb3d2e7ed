from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from registry_site.backups.whole import restore
from registry_site.settings_in_use import on_one_line, settings_in_use


class Command(BaseCommand):
    # They look at the code of pages, which takes longer than a small copy.
    requires_system_checks = []  # noqa: RUF012
    help = "Puts a backup into an empty database and data folder, before the server starts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder that `backup` made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            note = restore(options["path"].resolve())
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The backup cannot be put back: {on_one_line(error)}") from error
        except Error as error:
            told = f"The backup cannot be put back: {on_one_line(error)} {settings_in_use()}"
            raise CommandError(told) from error
        self.stdout.write(f"{note['files']} files and the database of {note['made_at']} are back.")
        self.stdout.write("Start the server; it brings the tables up to date where they are older.")
