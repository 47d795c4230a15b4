"""Who reads slowly misses nothing: what the kernel does not take waits, whole and in order."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect

from accounts.services import tokens
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SENT = 400
TEXT = "a long message " * 600  # 9,000 characters; all of them are more than the kernel's buffers hold


async def test_a_slow_reader_gets_every_frame_whole(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    token, other = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]

    headers = {"Authorization": f"Bearer {other}"}
    async with connect(live_stack.socket_url, additional_headers=headers, max_queue=1, compression=None) as slow:
        await slow.send(json.dumps({"type": "hello"}))
        assert json.loads(await slow.recv())["type"] == "ready"
        async with signed_in(live_stack.socket_url, token) as quick:
            for number in range(SENT):
                await quick.say(private.id, f"{number} {TEXT}")
            await quick.until(lambda: len(quick.all("ack")) == SENT, patience=30)
            seen = []
            while len(seen) < SENT:
                event = json.loads(await slow.recv())
                if not isinstance(event, list) and event["type"] == "message.created":
                    seen.append((event["seq"], event["message"]["content"].split()[0]))
    assert seen == [(number + 1, str(number)) for number in range(SENT)]
