"""A cheap HTTP client, so that the measured process gets the cores and not the load."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any


def request(method: str, path: str, body: Any, headers: dict[str, str]) -> bytes:
    content = json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "host: bench", "content-type: application/json"]
    lines += [f"content-length: {len(content)}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + content


class Connection:
    """Keep-alive, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, raw: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._writer.write(raw)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return int(head[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


async def connect(port: int) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


async def send_all(port: int, requests: Sequence[bytes], *, at_once: int, check: Callable[[int, bytes], None]) -> None:
    """Every request once, over `at_once` connections."""
    queue = iter(requests)

    async def worker() -> None:
        connection = await connect(port)
        for raw in queue:
            check(*await connection.send(raw))
        connection.close()

    await asyncio.gather(*(worker() for _ in range(at_once)))
