"""The floor of a page of history: the same documents, read from MongoDB and encoded, by a bare asyncio HTTP server.

Nobody signs in, nobody is checked. Run as `python -m chatsite.management.bench.page_floor`: listens on the inherited
socket FLOOR_FD, reads from MONGODB_URL.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from typing import Any

from pymongo import AsyncMongoClient

from chatsite.types import ObjectId

PAGE = 50  # messages
HEAD = "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"


async def main() -> None:
    """Serve until ended."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ["MONGODB_URL"])
    messages = client.get_default_database("chat")["messages"]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await answer(head.split(b" ", 2)[1].decode()))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(path: str) -> bytes:
        here = path.partition("/conversations/")[2].partition("/")[0]
        if not ObjectId.is_valid(here):
            return HEAD.format(status="404 Not Found", size=0).encode()
        found = messages.find({"conversation_id": ObjectId(here)}, sort=[("seq", -1)], limit=PAGE)
        page = (await found.to_list())[::-1]
        body = json.dumps({"results": page}, default=str, separators=(",", ":")).encode()
        return HEAD.format(status="200 OK", size=len(body)).encode() + body

    listener = socket.socket(fileno=int(os.environ["FLOOR_FD"]))
    async with await asyncio.start_server(serve, sock=listener) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
