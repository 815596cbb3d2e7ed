"""Brings the database of this environment up to date, as a start of the server does."""

import django

django.setup()

from registry_site.preparation import prepare_database, prepare_static_files  # noqa: E402

prepare_database()
prepare_static_files()
