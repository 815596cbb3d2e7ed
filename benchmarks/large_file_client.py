"""The SDK's requests of one large file, with bytes that are made up as they are sent."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

PART = 100 * 1024**2  # as the SDK cuts files, up and down
MARK = 8
PIECE = 1024**2
# So many ranges at a time the SDK fetches.
RANGES = 64


class Source:
    """`size` bytes: the same random block again and again, each part beginning with its number."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._block = os.urandom(PART)
        whole = hashlib.md5(usedforsecurity=False)
        self.md5s = []
        for number in range(self.count):
            part = hashlib.md5(usedforsecurity=False)
            for piece in self.pieces(number):
                part.update(piece)
                whole.update(piece)
            self.md5s.append(part.hexdigest())
        self.md5 = base64.b64encode(whole.digest()).decode()

    @property
    def count(self) -> int:
        """Of parts."""
        return (self.size + PART - 1) // PART

    def size_of(self, number: int) -> int:
        return min(PART, self.size - number * PART)

    def pieces(self, number: int) -> Iterator[bytes | memoryview]:
        """Of the part with this number, counted from 0."""
        yield number.to_bytes(MARK, "big")
        view = memoryview(self._block)[: self.size_of(number)]
        for start in range(MARK, len(view), PIECE):
            yield view[start : start + PIECE]

    def is_part(self, number: int, start: int, piece: bytes) -> bool:
        """Whether `piece` is what this part has from `start` on."""
        marked = number.to_bytes(MARK, "big")[start : start + len(piece)]
        rest = self._block[max(start, MARK) : start + len(piece)]
        # Copied as little as can be: other threads of the client wait meanwhile.
        return piece == (marked + rest if marked else rest)


class Sender:
    """A script that logs the file and fetches it again."""

    def __init__(self, port: int, source: Source, documents: dict[str, str], key: str) -> None:
        self._port = port
        self._source = source
        self._documents = documents
        pair = base64.b64encode(f"api:{key}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}

    def up(self, artifact_id: str) -> None:
        """All parts at once, then the joining."""
        wanted = {
            "artifactID": artifact_id,
            "name": "weights",
            "md5": self._source.md5,
            "uploadPartsInput": self._parts(),
        }
        given = {"artifactFiles": [wanted], "storageLayout": "V2"}
        answer = self._ask("CreateArtifactFiles", input=given)
        node = answer["createArtifactFiles"]["files"]["edges"][0]["node"]
        places = node["uploadMultipartUrls"]["uploadUrlParts"]
        with ThreadPoolExecutor(len(places)) as senders:
            list(senders.map(self._put, places))
        joined = self._ask(
            "CompleteMultipartUploadArtifact",
            completeMultipartAction="Complete",
            completedParts=self._parts(),
            artifactID=artifact_id,
            storagePath=node["storagePath"],
            uploadID=node["uploadMultipartUrls"]["uploadID"],
        )
        if joined["completeMultipartUploadArtifact"]["digest"] != self._source.md5:
            raise RuntimeError("The whole has another MD5 than was sent.")

    def by_ranges(self, path: str) -> None:
        """As `download()` fetches whatever has 2 GiB or more."""
        with ThreadPoolExecutor(RANGES) as fetchers:
            list(fetchers.map(lambda number: self._fetch(path, number), range(self._source.count)))

    def at_once(self, path: str) -> None:
        """As a browser fetches it."""
        self._read(path, {}, 0, self._source.size)

    def _fetch(self, path: str, number: int) -> None:
        start = number * PART
        last = start + self._source.size_of(number) - 1
        self._read(path, {"Range": f"bytes={start}-{last}"}, start, last + 1)

    def _read(self, path: str, headers: dict[str, str], start: int, end: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        while start < end:
            number, inside = divmod(start, PART)
            piece = answer.read(min(PIECE, PART - inside, end - start))
            if not piece or not self._source.is_part(number, inside, piece):
                raise RuntimeError(f"Wrong bytes came back at {start}: {answer.status}")
            start += len(piece)
        connection.close()

    def _put(self, place: dict[str, Any]) -> None:
        number = place["partNumber"] - 1
        parts = urlsplit(place["uploadUrl"])
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        connection.putrequest("PUT", parts.path)
        connection.putheader("Content-Length", str(self._source.size_of(number)))
        connection.endheaders()
        opened = connection.sock
        if not isinstance(opened, socket.socket):
            raise TypeError("A connection without a socket.")
        for piece in self._source.pieces(number):
            opened.sendall(piece)
        answer = connection.getresponse()
        answer.read()
        if answer.getheader("ETag") != f'"{self._source.md5s[number]}"':
            raise RuntimeError(f"Part {number + 1} was answered with {answer.status}.")
        connection.close()

    def _parts(self) -> list[dict[str, Any]]:
        return [
            {"partNumber": number, "hexMD5": md5} for number, md5 in enumerate(self._source.md5s, 1)
        ]

    def _ask(self, name: str, **variables: Any) -> Any:
        body = {"query": self._documents[f"go.{name}"], "variables": variables}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        connection.request("POST", "/graphql", json.dumps(body), self._headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        if "errors" in answer:
            raise RuntimeError(f"{name}: {answer['errors']}")
        return answer["data"]
