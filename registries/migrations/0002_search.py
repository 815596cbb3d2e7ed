"""Names are found by their beginning and by any part of them, however many there are."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from registries import search_index


def build(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    search_index.keep(schema_editor.connection)


def drop(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    search_index.let_go(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("artifacts", "0001_initial"),
        ("registries", "0001_initial"),
    ]

    operations = [migrations.RunPython(build, drop)]
