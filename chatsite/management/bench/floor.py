"""The floor: the least that could be called a durable chat. Its frames are the chat's, so their size is the same.

A bare asyncio websocket server. A message is stored by an `insert_one` of its own, held by a majority's journal, and
then broadcast. Nobody signs in, nobody is checked, nothing is caught up.

Run as `python -m chatsite.management.bench.floor`: listens on the inherited socket FLOOR_FD, stores at MONGODB_URL.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.write_concern import WriteConcern
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosedError

from chatsite.types import ObjectId

DURABLE = WriteConcern(w="majority", j=True)
COLLECTION = "bench_floor"
NOBODY = "00000000-0000-0000-0000-000000000000"

members: defaultdict[str, set[ServerConnection]] = defaultdict(set)
heads: defaultdict[str, int] = defaultdict(int)


async def main() -> None:
    """Serve until ended."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ["MONGODB_URL"])
    collection = client.get_default_database("chat").get_collection(COLLECTION, write_concern=DURABLE)

    async def talk(connection: ServerConnection) -> None:
        joined: list[str] = []
        try:
            async for text in connection:
                command = json.loads(text)
                if command["type"] == "hello":
                    joined = list(command["cursors"])
                    for one in joined:
                        members[one].add(connection)
                    await connection.send('{"type":"ready"}')
                elif command["type"] == "message.send":
                    event = await store(command)
                    broadcast(members[command["conversation_id"]], event)
        except ConnectionClosedError:
            return  # clients here leave without a word
        finally:
            for one in joined:
                members[one].discard(connection)

    async def store(command: dict[str, Any]) -> str:
        here = command["conversation_id"]
        heads[here] += 1
        at = datetime.now(UTC)
        message = {
            "seq": heads[here],
            "conversation_id": here,
            "client_id": command["client_id"],
            "sender_id": NOBODY,
            "content": command["content"],
            "attachments": [],
            "reply_to": None,
            "mentions": [],
            "created_at": at.isoformat(),
            "updated_at": at.isoformat(),
            "delivered_to": [],
            "read_by": [],
            "reactions": [],
        }
        inserted = await collection.insert_one({**message, "conversation_id": ObjectId(here), "created_at": at})
        message["id"] = str(inserted.inserted_id)
        event = {"type": "message.created", "conversation_id": here, "seq": message["seq"], "message": message}
        return json.dumps(event, separators=(",", ":"))

    listener = socket.socket(fileno=int(os.environ["FLOOR_FD"]))
    async with serve(talk, sock=listener, compression=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
