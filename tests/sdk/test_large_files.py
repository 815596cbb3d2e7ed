"""A file the SDK itself sends in parts: it does so from 2 GiB on."""

from __future__ import annotations

import pytest

from artifacts.models import MultipartUpload, StoredFile

SIZE = 2 * 1024**3 + 5


@pytest.mark.thorough
def test_a_file_of_more_than_two_gib_goes_up_in_parts_and_comes_back(
    sdk, member, registry, traffic
):
    answer = sdk(
        """
import hashlib
with open("large", "wb") as file:
    file.write(b"begins")
    file.truncate(given["size"] - 4)
    file.seek(0, 2)
    file.write(b"ends")
def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
made = wandb.Artifact("large", type="model")
made.add_file("large", policy="immutable")
with started("member") as run:
    logged = run.log_artifact(made).wait(timeout=500)
answer["sent"] = sha256("large")
Path("large").unlink()
answer["came back"] = sha256(Path(logged.download("down", skip_cache=True)) / "large")
answer["size"] = logged.size
""",
        patience=900,
        member=member,
        size=SIZE,
    )
    assert answer["size"] == SIZE
    assert answer["came back"] == answer["sent"]
    assert StoredFile.objects.filter(sha256=answer["sent"], size=SIZE).exists()
    assert traffic.count("CompleteMultipartUploadArtifact") == 1
    parts = [address for address in traffic.addresses if "/storage/uploads/parts/" in address]
    assert len(parts) == 21
    assert not MultipartUpload.objects.exists()
