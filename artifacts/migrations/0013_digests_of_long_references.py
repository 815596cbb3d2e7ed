"""A reference without a checksum has its address for a digest: one that no longer fits on the way
back is cut off, and whole again on the way forward."""

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Length, Substr

SHORT = 1024
LONG = 8192


def restore(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("artifacts", "ManifestEntry").objects.annotate(
        length=Length("digest"), whole=Length("reference"), begin=Substr("reference", 1, SHORT)
    )
    cut = entries.filter(length=SHORT, whole__gt=SHORT, whole__lte=LONG, begin=F("digest"))
    cut.update(digest=F("reference"))


def cut_off(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("artifacts", "ManifestEntry").objects
    long = entries.annotate(length=Length("digest")).filter(length__gt=SHORT)
    long.update(digest=Substr("digest", 1, SHORT))


class Migration(migrations.Migration):
    dependencies = [
        ("artifacts", "0012_repeated_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="manifestentry",
            name="digest",
            field=models.CharField(
                help_text="base64 MD5, or a reference's own digest", max_length=LONG
            ),
        ),
        migrations.RunPython(restore, cut_off),
    ]
