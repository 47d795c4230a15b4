"""Django's ASGI handler with one hop to a thread per request.

Pages, API and admin are synchronous code. Django's own handler starts a thread for each request and crosses between it
and the event loop four times, which costs more than most of the requests themselves. Here a request is carried out in
one of a few threads from its first signal to its last, as under WSGI.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.translation import gettext as _

from chatsite.errors import TooLarge

THREADS = 40  # requests under way at once; more of them wait. A thread is made when it is first needed

Message = Mapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class ThreadHandler(ASGIHandler):
    """Serves HTTP. Bodies are read before the view begins; streams are made no faster than they are sent, and hold no
    thread while the client takes its time."""

    def __init__(self) -> None:
        super(ASGIHandler, self).__init__()
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def handle(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        except TooLarge as error:
            for message in _refusal(error):
                await send(message)
            return

        try:
            answer = await loop.run_in_executor(self._threads, self._carry_out, scope, body)
            if isinstance(answer, list):
                for message in answer:
                    await send(message)
            else:
                await self._stream(answer, send)
        finally:
            body.close()

    async def _stream(self, response: Any, send: Send) -> None:
        loop, parts = asyncio.get_running_loop(), iter(response)
        try:
            await send(_start(response))
            while (part := await loop.run_in_executor(self._threads, next, parts, None)) is not None:
                for message in self._parts(part, ends=False):
                    await send(message)
            await send({"type": "http.response.body"})
        finally:
            await loop.run_in_executor(self._threads, response.close)

    async def read_body(self, receive: Any) -> IO[bytes]:
        """The whole body, on disk when it is long. Raises RequestAborted, and TooLarge before it takes more room."""
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b")  # noqa: SIM115
        size, more = 0, True
        try:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted()
                part = message.get("body", b"")
                size += len(part)
                if size > settings.BODY_MAX:
                    raise TooLarge(_("This is more than a request may hold."))
                body.write(part)
                more = message.get("more_body", False)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Pages are served over HTTP, not {scope['type']}.")
        await self.handle(scope, receive, send)

    def _carry_out(self, scope: dict[str, Any], body: IO[bytes]) -> list[Message] | HttpResponseBase:
        """The whole request. Returns the messages to be sent, or the response where it is a stream."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)
        if response.streaming:
            if isinstance(response, FileResponse):
                response.block_size = self.chunk_size
            close_old_connections()  # this thread's; the end of the request comes in another one
            return response  # type: ignore[no-any-return]
        try:
            return [_start(response), *self._parts(response.content)]
        finally:
            response.close()

    def _parts(self, content: bytes, *, ends: bool = True) -> Iterator[Message]:
        for chunk, last in self.chunk_bytes(content):
            yield {"type": "http.response.body", "body": chunk, "more_body": not (ends and last)}


def _refusal(error: TooLarge) -> list[Message]:
    text = json.dumps({"code": error.code, "detail": error.detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    start = {"type": "http.response.start", "status": error.status, "headers": headers}
    return [start, {"type": "http.response.body", "body": text}]


def _start(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    cookies = [(b"Set-Cookie", one.output(header="").strip().encode("ascii")) for one in response.cookies.values()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers + cookies}
