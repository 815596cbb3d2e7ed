#!/usr/bin/env python
"""Commands of the operator."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The sentence says what to change; where it was found helps nobody who reads it.
        sys.exit(f"Waymark cannot start: {error}")
