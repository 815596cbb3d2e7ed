"""Registries tell when they were changed: by their newest event of that kind, or else when made."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

CHANGES = ("registry.edited", "alias.protected", "alias.unprotected")


def fill(apps: Any, schema_editor: Any) -> None:
    registries = apps.get_model("registries", "Registry")._default_manager
    events = apps.get_model("registries", "Event")._default_manager
    projects = apps.get_model("artifacts", "Project")._default_manager
    changes = events.filter(project=OuterRef("pk"), kind__in=CHANGES).order_by("-id")
    made = projects.filter(pk=OuterRef("pk"))
    registries.update(
        changed_at=Coalesce(Subquery(changes.values("at")[:1]), Subquery(made.values("created_at")))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registries", "0007_run_deleted"),
    ]

    operations = [
        migrations.AddField(
            model_name="registry",
            name="changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="of itself and its protected names; else when it was made",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
