"""How bytes of users leave the server: as attachments no browser shows or runs."""

from __future__ import annotations

from django.http import FileResponse

from artifacts.models import StoredFile
from artifacts.storage import open_file

HARMLESS = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
OCTETS = "application/octet-stream"


def attachment(stored: StoredFile, path: str) -> FileResponse:
    """`path` is what the file is called where it belongs; only its last part is offered."""
    name = path.rsplit("/", 1)[-1]
    return FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=name,
        content_type=OCTETS,
        headers=HARMLESS,
    )
