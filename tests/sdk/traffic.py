"""What the SDK has sent: the names of its GraphQL operations and the addresses it went to."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import Any

NAME = re.compile(r"\b(?:query|mutation)\s+(\w+)")


@dataclass
class Traffic:
    """Listens to Django's `request_started`."""

    operations: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def note(self, environ: dict[str, Any], **_: Any) -> None:
        self.addresses.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if environ["PATH_INFO"] == "/graphql":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            self.operations += NAME.findall(json.loads(body)["query"])[:1]

    def count(self, operation: str) -> int:
        return self.operations.count(operation)
