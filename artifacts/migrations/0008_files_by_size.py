"""The largest files of an artifact are read in order, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("artifacts", "0007_step_of_an_artifact"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="manifestentry",
            index=models.Index(fields=["artifact", "size", "id"], name="manifest_entry_by_size"),
        ),
    ]
