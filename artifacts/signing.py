"""Addresses of bytes that carry their own right: signed, expiring, good for one thing.

The floor that judged the reader or writer makes them; the views here check the signature and
nothing else. Uploads of a pending artifact end with its commit besides.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing

from accounts.errors import NotAllowed

DOWNLOADS_LAST = timedelta(minutes=15)
UPLOADS_LAST = timedelta(hours=24)


def sign_download(sha256: str) -> str:
    return _sign("download", {"sha256": sha256})


def sign_manifest(artifact_id: int) -> str:
    return _sign("manifest", {"artifact": artifact_id})


def sign_artifact_upload(artifact_id: int, md5: str) -> str:
    """`md5` in hex: other bytes are refused."""
    return _sign("upload", {"artifact": artifact_id, "md5": md5})


def sign_manifest_upload(manifest_id: int, md5: str) -> str:
    return _sign("manifest-upload", {"manifest": manifest_id, "md5": md5})


def sign_part_upload(upload_id: int, number: int) -> str:
    """One part of a file in parts; what its MD5 must be is noted where it was announced."""
    return _sign("part-upload", {"upload": upload_id, "number": number})


def sign_run_upload(run_file_id: int) -> str:
    return _sign("run-upload", {"run_file": run_file_id})


def read(purpose: str, token: str) -> dict[str, Any]:
    """What was signed for `purpose`; NotAllowed when altered, too old or for something else."""
    lasts = UPLOADS_LAST if purpose.endswith("upload") else DOWNLOADS_LAST
    try:
        signed: dict[str, Any] = signing.loads(token, salt=_salt(purpose), max_age=lasts)
    except signing.BadSignature as error:
        raise NotAllowed("This address is altered or too old.", code="bad_signature") from error
    return signed


def _sign(purpose: str, about: dict[str, Any]) -> str:
    return signing.dumps(about, salt=_salt(purpose))


def _salt(purpose: str) -> str:
    return f"artifacts.signing.{purpose}"
