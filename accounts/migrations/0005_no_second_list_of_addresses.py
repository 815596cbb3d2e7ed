from typing import Any

from django.db import migrations


def forget_addresses(apps: Any, schema_editor: Any) -> None:
    """The profile alone tells an address: of those here some were theirs once, or never."""
    rows = apps.get_model("account", "EmailAddress").objects.using(schema_editor.connection.alias)
    rows.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_links_ended_at"),
        ("account", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forget_addresses, migrations.RunPython.noop),
    ]
