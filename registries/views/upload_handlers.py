"""How the parts of a multipart body are taken in: files to the disk, or not at all."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler

from accounts.errors import RegistryError
from artifacts.storage import folder_of, room_for


class Unmeasured(RegistryError):
    status = 411

    def __init__(self) -> None:
        super().__init__("no_length", "Tell the length of what is sent.")


class NoFiles(FileUploadHandler):
    """For every page that asks for none: a file sent there is read past and kept nowhere."""

    def new_file(self, *_: Any, **__: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class StreamedFile(TemporaryUploadedFile):
    """On the disk that keeps what is stored."""

    def __init__(self, name: str, content_type: str, charset: str | None) -> None:
        file = tempfile.NamedTemporaryFile(dir=folder_of("incoming"), prefix="form-")  # noqa: SIM115 ends with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset)


class StreamedFiles(TemporaryFileUploadHandler):
    """To the disk, however small; never into memory."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = StreamedFile(self.file_name or "", self.content_type or "", self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with room_for(len(raw_data)):
            super().receive_data_chunk(raw_data, start)
