"""Signed addresses. The SDK looks for `wandb_artifacts` in those of files."""

from django.urls import path

from artifacts.views import transfers

urlpatterns = [
    path(
        "storage/wandb_artifacts/<str:token>/<path:name>",
        transfers.download(transfers.stored_file),
        name="stored-file",
    ),
    path(
        "storage/manifests/<str:token>/wandb_manifest.json",
        transfers.download(transfers.manifest_file),
        name="manifest-file",
    ),
    path(
        "storage/uploads/files/<str:token>",
        transfers.upload(transfers.receive_artifact_file),
        name="artifact-upload",
    ),
    path(
        "storage/uploads/parts/<str:token>",
        transfers.upload(transfers.receive_part_of_file),
        name="part-upload",
    ),
    path(
        "storage/uploads/manifests/<str:token>",
        transfers.upload(transfers.receive_artifact_manifest),
        name="manifest-upload",
    ),
    path(
        "storage/uploads/runs/<str:token>",
        transfers.upload(transfers.receive_file_of_run),
        name="run-upload",
    ),
]
