"""One websocket: the handshake, strict frames in, events out, and when to close. Apps say what commands mean."""

from __future__ import annotations

import json
import logging
import time
from typing import Any, ClassVar

import msgspec
from channels.consumer import AsyncConsumer
from django.conf import settings
from django.utils import translation

from chatsite.errors import ChatError, Invalid, Unavailable
from chatsite.outages import outage
from chatsite.realtime import auth, protocol
from chatsite.realtime.hub import hub
from chatsite.realtime.outflow import Outflow
from chatsite.realtime.protocol import Command, Error, labels
from chatsite.types import UserId

log = logging.getLogger(__name__)

SUBPROTOCOLS = ("chat.v1.html", "chat.v1")  # in the order the server prefers them
FRAMES_PER_SECOND = 100  # of one client, on average
FRAMES_AT_ONCE = 300
SILENCE_MAX = 3 * protocol.PING_INTERVAL / 1000  # seconds: browsers let a hidden tab's timers run once a minute
HELLO_WITHIN = 10.0  # seconds for a client without cookie or token to show its ticket


class Socket(Outflow, AsyncConsumer):  # type: ignore[misc]
    """A consumer without a channel of its own: events come from the hub, with no queue and no dispatch per socket."""

    decoder: ClassVar[msgspec.json.Decoder[Any]]

    def __init__(self) -> None:
        super().__init__()
        self.user_id = UserId("")
        self.html = False
        self.language = settings.LANGUAGE_CODE
        self.session: str | None = None
        self.heard_at = self._counted_at = time.monotonic()
        self._tokens = float(FRAMES_AT_ONCE)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scope, self._send = scope, send
        await receive()  # websocket.connect
        if not await self._open():
            return
        hub.add(self)
        try:
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    break
                if not self.closed:
                    await self._receive(event)
        finally:
            self.closed = True
            hub.remove(self)
            await self.closing()

    # For apps

    def speak(self, language: str | None) -> None:
        """Words for this socket are in this language from now on, where there is a catalogue for it."""
        if language in dict(settings.LANGUAGES):
            self.language = language
            translation.activate(language)

    async def command(self, command: Command) -> None:
        """Carries out one frame of the client. May raise ChatError, which is answered as `error`."""
        raise NotImplementedError

    async def closing(self) -> None:
        """Called once, when the socket is gone."""

    async def identify(self, token: str) -> UserId | None:
        """The person of an access token."""
        raise NotImplementedError

    def obey(self, order: dict[str, Any]) -> None:
        if "close" in order and order.get("session") in (None, self.session):
            self.close(int(order["close"]))

    # Inside

    async def _open(self) -> bool:
        headers = auth.headers_of(self.scope)
        token, self.session = auth.bearer(headers), auth.session_key(headers)
        if not auth.may_open(headers) or (token is None and auth.is_bare_cookie(headers)):
            await self._send({"type": "websocket.close", "code": protocol.NOT_ALLOWED})
            return False
        offered = self.scope.get("subprotocols", [])
        chosen = next((one for one in SUBPROTOCOLS if one in offered), None)
        self.html = chosen == "chat.v1.html"
        try:
            refused = await self._sign_in(token)
        except Unavailable:
            await self._send({"type": "websocket.close", "code": protocol.RESTART})
            return False
        await self._send({"type": "websocket.accept", "subprotocol": chosen})
        if refused:
            await self._close(protocol.SIGNED_OUT)
        return not refused

    async def _sign_in(self, token: str | None) -> bool:
        """Finds out who this is. True when what was shown is no longer good; showing nothing yet is allowed."""
        found = None
        if token is not None:
            found = await self.identify(token)
        elif self.session is not None:
            found = await auth.session_user.one(self.session)
        self.user_id = found or UserId("")
        return found is None and (token is not None or self.session is not None)

    async def _receive(self, event: dict[str, Any]) -> None:
        self.heard_at = time.monotonic()
        text = event.get("text")
        if text is None:
            self.close(protocol.MALFORMED)
        elif len(text) > protocol.FRAME_MAX or len(text.encode(errors="replace")) > protocol.FRAME_MAX:
            self.close(protocol.FRAME_TOO_LARGE)
        elif not self._within_rate():
            self.close(protocol.TOO_FAST)
        else:
            await self._carry_out(text)

    async def _carry_out(self, text: str) -> None:
        try:
            command = self.decoder.decode(text)
            await self.command(command)
        except msgspec.ValidationError as error:
            self.refuse(Invalid(str(error)), **labels(text))
        except (msgspec.DecodeError, RecursionError):
            self._not_understood(text)
        except ChatError as error:
            self.refuse(error, **labels(text))
        except Exception as error:
            away = outage(error)
            if away is None:
                log.exception("a command failed")
            self.refuse(away or Unavailable("Something went wrong here.", retry_after=1.0), **labels(text))

    def _not_understood(self, text: str) -> None:
        """JSON that only breaks a rule of ours (a lone surrogate, say) is refused; what is no JSON ends the socket."""
        try:
            json.loads(text, parse_constant=int)  # NaN is no JSON; int() refuses it
        except (ValueError, RecursionError):
            self.close(protocol.MALFORMED)
        else:
            self.refuse(Invalid("The frame has characters that cannot be stored."))

    def refuse(self, error: ChatError, *, client_id: str | None = None, op_id: str | None = None) -> None:
        """Answers a command with its error."""
        after = error.retry_after
        self.event(Error(code=error.code, detail=error.detail, client_id=client_id, op_id=op_id, retry_after=after))

    def _within_rate(self) -> bool:
        if not settings.CHAT_RATE_LIMITS:
            return True
        elapsed, self._counted_at = self.heard_at - self._counted_at, self.heard_at
        self._tokens = min(FRAMES_AT_ONCE, self._tokens + elapsed * FRAMES_PER_SECOND) - 1
        return self._tokens >= 0

    def check(self, now: float) -> None:
        """Called by the hub every few seconds: closes a socket whose client went silent or does not keep up.

        `now` is time.monotonic().
        """
        silent = now - self.heard_at
        if self.lags(now):
            self.close(protocol.LAGGING)
        elif self.user_id and silent > SILENCE_MAX:
            self.close(protocol.NO_HEARTBEAT)
        elif not self.user_id and silent > HELLO_WITHIN:
            self.close(protocol.SIGNED_OUT)
