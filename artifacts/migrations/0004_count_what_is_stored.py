"""Counts what every owner stores already, so that quotas hold from the first day."""

from typing import Any

from django.db import migrations


def count(apps: Any, schema_editor: Any) -> None:
    """As `count_again` of the operations counts: a content once for each owner."""
    model = apps.get_model
    stored_file, storage_use = model("artifacts", "StoredFile"), model("artifacts", "StorageUse")
    for entity in model("accounts", "Entity").objects.filter(projects__isnull=False).distinct():
        referred = set()
        for name, owner in (
            ("ManifestEntry", "artifact__project__entity"),
            ("ArrivedFile", "artifact__project__entity"),
            ("RunFile", "run__project__entity"),
        ):
            rows = model("artifacts", name).objects.filter(**{owner: entity})
            referred.update(rows.exclude(stored_file=None).values_list("stored_file", flat=True))
        if referred:
            _write(stored_file, storage_use, entity, sorted(referred))


def _write(stored_file: Any, storage_use: Any, entity: Any, referred: list[int]) -> None:
    size = 0
    for start in range(0, len(referred), 500):
        some = stored_file.objects.filter(pk__in=referred[start : start + 500])
        size += sum(some.values_list("size", flat=True))
    storage_use.objects.update_or_create(
        entity=entity, defaults={"bytes": size, "files": len(referred)}
    )


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0003_uploads_and_quotas")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
