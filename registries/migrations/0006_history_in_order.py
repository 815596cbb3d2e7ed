"""A history reads the newest of one alias and of one kind in order; indexes whose beginning
another has too are gone: each event wrote three of them for nobody."""

import django.db.models.deletion
from django.db import migrations, models

# Dropped by name: SQLite would write the whole table anew to alter the column.
INDEXES = {
    "registries_event_collection_id_c538441d": "collection_id",
    "registries_event_entity_id_e1d0ec55": "entity_id",
    "registries_event_project_id_e265f593": "project_id",
}


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("artifacts", "0001_initial"),
        ("registries", "0005_protected_aliases_by_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {name}", f"CREATE INDEX {name} ON registries_event ({column})"
                )
                for name, column in INDEXES.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="collection",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="registries.collection",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="entity",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.entity",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="project",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="artifacts.project",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="event", name="event_of_project_by_alias"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["collection", "kind", "-id"], name="event_of_collection_by_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["project", "alias", "-id"], name="event_of_project_by_alias"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["collection", "alias", "-id"], name="event_of_collection_by_alias"
            ),
        ),
    ]
