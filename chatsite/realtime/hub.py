"""One hub per process: it knows the local sockets of each topic and hands them events, each encoded once.

Events made in this process reach local sockets at once; those of other processes come through the `link`. Nothing
depends on its delivery: clients see holes by `seq` and `rev`, and the heartbeat carries the heads.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation

from chatsite.realtime import farewell
from chatsite.realtime.link import Link, spread_now
from chatsite.realtime.protocol import Event, encode
from chatsite.realtime.publication import Publication
from chatsite.realtime.window import Sent, counted, size_of
from chatsite.types import ObjectId, UserId

log = logging.getLogger(__name__)
SWEEP = 1.0  # seconds between looks for sockets that went silent


class Listener(Protocol):
    """What the hub needs of a socket."""

    user_id: UserId
    html: bool
    language: str

    def push(self, text: str, sent: Sent, *, fleeting: bool = False) -> None: ...
    def event(self, event: Event) -> None: ...
    def close(self, code: int) -> None: ...
    def check(self, now: float) -> None: ...
    def obey(self, order: dict[str, Any]) -> None: ...


Drawer = Callable[[str], str]
Hearer = Callable[[list[Publication]], None]
_drawers: dict[str, Drawer] = {}
_hearers: dict[str, Hearer] = {}


def draws(kind: str, drawer: Drawer) -> None:
    """Registers what adds `html` to the text of this kind of event, for browsers. Runs in the drawing thread."""
    _drawers[kind] = drawer


def hears(kind: str, hearer: Hearer) -> None:
    """Registers who is told of events of this kind that another process made, as they came. In the link's thread."""
    _hearers[kind] = hearer


def conversation_topic(conversation_id: ObjectId | str) -> str:
    return f"c:{conversation_id}"


def user_topic(user_id: UserId) -> str:
    return f"u:{user_id}"


class Hub:
    """Local sockets by topic. All of its state belongs to the event loop; `publish` may be called from any thread."""

    def __init__(self) -> None:
        self._all: set[Listener] = set()
        self._topics: defaultdict[str, set[Listener]] = defaultdict(set)
        self._without_receipts: set[Listener] = set()
        self._without_typing: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mail: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._mail_lock = threading.Lock()
        self.link = Link(self._hear)
        self._drawing = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._tasks: set[asyncio.Task[None]] = set()

    # From any thread

    def publish(self, *publications: Publication) -> None:
        """Hands events to the sockets of this process and, through the layer, to those of the others."""
        if self._loop is None:  # a process without sockets: a command, the worker
            spread_now(publications)
        else:
            if settings.CHAT_PROCESSES != 1:
                self.link.send(publications)
            self.post(self._deliver_all, publications)

    def post(self, call: Callable[..., object], *args: Any) -> None:
        """Runs `call` on the event loop soon, in order; a burst of posts wakes the loop once."""
        with self._mail_lock:
            self._mail.append((call, args))
            wake = len(self._mail) == 1
        if wake and self._loop is not None:
            self._loop.call_soon_threadsafe(self._open_mail)

    # On the event loop

    def attach(self) -> None:
        """Called with the first request of a process: binds the hub to its loop and listens to the layer.

        Also when this is the only web process: the worker and commands publish too.
        """
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self.link.open()
            self.soon(self._sweep())
            farewell.expect(self._loop, lambda: self._all)

    def add(self, listener: Listener) -> None:
        self._all.add(listener)

    def remove(self, listener: Listener) -> None:
        self._all.discard(listener)
        self._without_receipts.discard(listener)
        self._without_typing.discard(listener)

    def show_receipts(self, listener: Listener, shown: bool) -> None:
        """Whether this socket gets what is only for those who see receipts."""
        self._show(self._without_receipts, listener, shown)

    def show_typing(self, listener: Listener, shown: bool) -> None:
        """Whether this socket hears who is typing."""
        self._show(self._without_typing, listener, shown)

    def _show(self, without: set[Listener], listener: Listener, shown: bool) -> None:
        if shown or listener not in self._all:
            without.discard(listener)
        else:
            without.add(listener)

    def join(self, topic: str, listener: Listener) -> None:
        self._topics[topic].add(listener)

    def leave(self, topic: str, listener: Listener) -> None:
        listeners = self._topics.get(topic)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._topics[topic]

    def _open_mail(self) -> None:
        with self._mail_lock:
            mail, self._mail = self._mail, deque()
        for call, args in mail:
            try:
                call(*args)
            except Exception:
                log.exception("a delivery failed")

    def _hear(self, publications: Sequence[Publication]) -> None:
        for kind, hearer in _hearers.items():
            if heard := [one for one in publications if one.kind == kind]:
                hearer(heard)
        self.post(self._deliver_all, publications)

    def _deliver_all(self, publications: Iterable[Publication]) -> None:
        for one in publications:
            self._deliver(one)

    def _deliver(self, publication: Publication) -> None:
        listeners = self._topics.get(publication.topic)
        if not listeners:
            return
        if publication.receipts is not None:
            listeners = self._audience(listeners, publication.receipts)
        if publication.kind == "typing" and self._without_typing:
            listeners = listeners - self._without_typing
        if publication.order is not None:
            for one in tuple(listeners):
                one.obey(publication.order)
            return
        drawer = _drawers.get(publication.kind)
        browsers = []
        for one in tuple(listeners):
            if publication.skip and one.user_id in publication.skip:
                continue
            if drawer is not None and one.html:
                browsers.append(one)
            else:
                one.push(publication.text, publication.sent, fleeting=publication.fleeting)
        if browsers and drawer is not None:
            self._drawing.submit(self._draw, drawer, publication, browsers)

    def _audience(self, listeners: set[Listener], receipts: bool) -> set[Listener]:
        """Those of `listeners` who see receipts, or those who do not; usually that is everyone or nobody."""
        hidden = self._without_receipts
        if receipts:
            return listeners - hidden if hidden else listeners
        return listeners & hidden if hidden else set()

    def _draw(self, drawer: Drawer, publication: Publication, browsers: list[Listener]) -> None:
        """Once for each language that is read here."""
        spoken: defaultdict[str, list[Listener]] = defaultdict(list)
        for one in browsers:
            spoken[one.language].append(one)
        for language, listeners in spoken.items():
            try:
                with translation.override(language):
                    text = drawer(publication.text)
            except Exception:
                log.exception("drawing an event failed; browsers get it without html")
                text = publication.text
            self.post(self._push, listeners, text, publication.sent._replace(size=size_of(text)))

    @staticmethod
    def _push(browsers: list[Listener], text: str, sent: Sent) -> None:
        for one in browsers:
            one.push(text, sent)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            now = time.monotonic()
            for one in tuple(self._all):
                one.check(now)

    def soon(self, work: Any) -> None:
        """Runs a coroutine in the background and keeps it from being collected."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


hub = Hub()


def publish(conversation_id: ObjectId, event: Event, *, fleeting: bool = False, skip: Iterable[str] = ()) -> None:
    """Sends an event to everyone who has this conversation, but not to the people `skip`. From any thread."""
    kind, text = str(event.__struct_config__.tag), encode(event)
    topic = conversation_topic(conversation_id)
    hub.publish(Publication(topic, text, kind, fleeting, frozenset(skip), sent=counted(event, text)))


def publish_to_user(user_id: UserId, event: Event) -> None:
    """Sends an event to all sockets of one person. From any thread."""
    publish_to_users([user_id], event)


def publish_to_users(user_ids: Iterable[UserId], event: Event, *, fleeting: bool = False) -> None:
    """Sends an event to all sockets of these people. From any thread."""
    kind, text = str(event.__struct_config__.tag), encode(event)
    sent = counted(event, text)
    hub.publish(*(Publication(user_topic(one), text, kind, fleeting, sent=sent) for one in user_ids))


def order(user_id: UserId, **what: Any) -> None:
    """Tells all sockets of one person, wherever they are, what to do: join, leave, recheck or close."""
    hub.publish(Publication(user_topic(user_id), order=what))
