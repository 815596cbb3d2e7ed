import django.db.models.deletion
from django.db import migrations, models

INDEX = "registries_collection_project_id_be80479f"


class Migration(migrations.Migration):
    """The index alone: SQLite would make the table anew for the field, and the triggers of the search
    look at that table."""

    dependencies = [("registries", "0008_change_of_a_registry")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="collection",
                    name="project",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="artifacts.project",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {INDEX}",
                    f"CREATE INDEX {INDEX} ON registries_collection (project_id)",
                ),
            ],
        ),
    ]
