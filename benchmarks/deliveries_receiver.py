"""A receiver that costs as little as can be: it counts, and answers 204.

Prints its port; on end of input prints how many came and the seconds from the first to the last.
"""

from __future__ import annotations

import asyncio
import sys
import time

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Counter(asyncio.Protocol):
    count = 0
    first = 0.0
    last = 0.0

    def __init__(self) -> None:
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            whole = end + 4 + length
            if len(self.buffer) < whole:
                return
            self.buffer = self.buffer[whole:]
            Counter.last = time.monotonic()
            Counter.first = Counter.first or Counter.last
            Counter.count += 1
            self.transport.write(ANSWER)  # type: ignore[attr-defined]


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Counter, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(Counter.count, Counter.last - Counter.first, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
