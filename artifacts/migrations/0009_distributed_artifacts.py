"""One open artifact for each distributed id and collection; parts of a run apart."""

from collections.abc import Iterable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

LONGEST = 128


def close_committed(apps: Any, schema_editor: Any) -> None:
    """What is committed is filled no more."""
    announcements = apps.get_model("artifacts", "Announcement").objects
    announcements.filter(artifact__state="COMMITTED").update(distributed_id=None)


def keep_one_of_each_id(apps: Any, schema_editor: Any) -> None:
    """Before, an id stood once in a project: the first announcement keeps it."""
    rows = apps.get_model("artifacts", "Announcement").objects.exclude(distributed_id=None)
    for row in _twins(rows, "project_id", "distributed_id"):
        row.distributed_id = None
        row.save(update_fields=["distributed_id"])


def tell_parts_apart(apps: Any, schema_editor: Any) -> None:
    """Before, a run had one part of an artifact: the later ones get a name of a run each."""
    rows = apps.get_model("artifacts", "ManifestUpload").objects.all()
    for row in _twins(rows, "artifact_id", "name", "run_name"):
        ending = f"#{row.pk}"
        row.run_name = row.run_name[: LONGEST - len(ending)] + ending
        row.save(update_fields=["run_name"])


def _twins(rows: Any, *columns: str) -> Iterable[Any]:
    seen = set()
    for row in rows.order_by("pk"):
        key = tuple(getattr(row, column) for column in columns)
        if key in seen:
            yield row
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0008_files_by_size")]

    operations = [
        migrations.CreateModel(
            name="JoinedAnnouncement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=128)),
                (
                    "sequence_client_id",
                    models.CharField(blank=True, db_index=True, max_length=128),
                ),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joined",
                        to="artifacts.announcement",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="artifacts.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "client_id"), name="joined_client_id_unique"
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="announcement", name="distributed_id_unique"),
        migrations.RunPython(close_committed, keep_one_of_each_id),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(
                fields=("project", "collection_name", "distributed_id"),
                name="one_open_distributed_artifact",
            ),
        ),
        migrations.RemoveConstraint(model_name="manifestupload", name="manifest_upload_unique"),
        migrations.RunPython(migrations.RunPython.noop, tell_parts_apart),
        migrations.AddConstraint(
            model_name="manifestupload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "FULL")),
                fields=("artifact", "name", "run_name"),
                name="whole_manifest_unique",
            ),
        ),
    ]
