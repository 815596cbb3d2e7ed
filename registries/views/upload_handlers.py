"""How the parts of a multipart body are taken in: files to the disk, or not at all."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

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
    """On the disk that keeps what is stored. `given_name` is what it is called where it came from:
    whatever that is, no file here has it.
    """

    def __init__(self, name: str, content_type: str, charset: str | None) -> None:
        file = tempfile.NamedTemporaryFile(dir=folder_of("incoming"), prefix="form-")  # noqa: SIM115 ends with the request
        UploadedFile.__init__(self, file, "given", content_type, 0, charset)
        self.given_name = name


class StreamedFiles(TemporaryFileUploadHandler):
    """To the disk, however small; never into memory."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = StreamedFile(self.file_name or "", self.content_type or "", self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with room_for(len(raw_data)):
            super().receive_data_chunk(raw_data, start)


class NamesKept(MultiPartParser):
    """Django takes characters out of the names of files. Here they are judged as all other paths of
    an artifact, and refused in sight.
    """

    def sanitize_file_name(self, file_name: str) -> str:
        """Browsers encode three characters, and no others, which would end the header."""
        for written, meant in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
            file_name = file_name.replace(written, meant)
        return file_name


class FilesAsNamed(FileUploadHandler):
    """Reads the whole body: files to the disk, under the names they were given."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile[Any]]]:
        return NamesKept(META, input_data, [StreamedFiles(self.request)], encoding or "").parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
