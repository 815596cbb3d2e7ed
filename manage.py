#!/usr/bin/env python
"""Commands of the operator."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from registry_site.settings_in_use import on_one_line, settings_in_use


def main() -> None:
    """What goes wrong is a sentence that says what to change; `--traceback` shows where."""
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Waymark cannot start: {error}")
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database refused: {on_one_line(error)} {settings_in_use()}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings")
    main()
