from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("automations", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="automation",
            name="event_kind",
            field=models.CharField(
                choices=[
                    ("version.linked", "A version is linked"),
                    ("version.unlinked", "A version is unlinked"),
                    ("alias.added", "An alias is added"),
                    ("alias.moved", "An alias is moved"),
                    ("alias.removed", "An alias is removed"),
                    ("version.tag_added", "A tag is added to a version"),
                    ("version.tag_removed", "A tag is removed from a version"),
                    ("collection.tag_added", "A tag is added to a collection"),
                    ("collection.tag_removed", "A tag is removed from a collection"),
                    ("artifact.created", "A version is logged"),
                    ("run.state", "A run changes its state"),
                    ("run.metric", "A metric of a run passes a threshold"),
                ],
                max_length=24,
            ),
        ),
    ]
