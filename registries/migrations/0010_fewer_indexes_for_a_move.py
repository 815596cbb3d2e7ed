import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The model, the field, what it refers to, what leads back, the index that ends.
FIELDS = (
    ("collection", "created_by", settings.AUTH_USER_MODEL, "+", "created_by_id_638b6276"),
    ("collection", "changed_by", settings.AUTH_USER_MODEL, "+", "changed_by_id_39d722cb"),
    ("alias", "collection", "registries.collection", "aliases", "collection_id_d2c31817"),
    ("alias", "changed_by", settings.AUTH_USER_MODEL, "+", "changed_by_id_d3808537"),
)


def without_index(
    model: str, field: str, to: str, back: str, index: str
) -> migrations.SeparateDatabaseAndState:
    """The index alone: SQLite would make the table anew for the field, and the triggers of the search
    look at that table."""
    name = f"registries_{model}_{index}"
    return migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.AlterField(
                model_name=model,
                name=field,
                field=models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name=back,
                    to=to,
                ),
            ),
        ],
        database_operations=[
            migrations.RunSQL(
                f"DROP INDEX {name}",
                f"CREATE INDEX {name} ON registries_{model} ({field}_id)",
            ),
        ],
    )


class Migration(migrations.Migration):
    """Each alias that moves wrote these, and nothing was found by them."""

    dependencies = [("registries", "0009_collections_found_by_name")]

    operations = [without_index(*one) for one in FIELDS]
