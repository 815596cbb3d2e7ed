"""Search reads protected names in order, and stops when it has enough."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registries", "0004_project_deleted"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="protectedalias",
            index=models.Index(fields=["folded", "id"], name="protected_alias_by_name"),
        ),
    ]
