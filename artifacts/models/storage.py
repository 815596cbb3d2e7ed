"""What owners take on the disk, and what they may take."""

from __future__ import annotations

from django.db import models

from accounts.models import Entity


class StorageUse(models.Model):
    """What the files of one owner take, each content counted once however often it is referred to.

    Kept by `artifacts.operations.storage_use` in the transactions that change what is referred to.
    """

    entity = models.OneToOneField(
        Entity, on_delete=models.CASCADE, primary_key=True, related_name="storage_use"
    )
    bytes = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bytes} bytes of {self.entity}"


class StorageQuota(models.Model):
    """What an organization, or a person for their own projects, may take. Null is the default."""

    entity = models.OneToOneField(
        Entity, on_delete=models.CASCADE, primary_key=True, related_name="storage_quota"
    )
    most_bytes = models.BigIntegerField(null=True, blank=True)
    most_files = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Quota of {self.entity}"
