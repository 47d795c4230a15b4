"""Two people with real browsers in front of the running site."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, WebError, expect, sync_playwright

from accounts.models import User
from messaging.services import messages
from tests.cast import PASSWORD, acquaint
from tests.journeys.gate import Gate
from tests.live import LiveStack

PATIENCE_MS = 30_000  # a busy machine, and a client that waits before it tries again
# The first is without the windows that nobody sees: a quarter of the CPU time for each page.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
Enter = Callable[..., "Desk"]
T = TypeVar("T")


@dataclass(frozen=True)
class Talk:
    """A private conversation between ada and ben, and how to open it."""

    url: str
    conversation_id: str
    ada: User
    ben: User

    @property
    def path(self) -> str:
        return f"/c/{self.conversation_id}/"

    @property
    def address(self) -> str:
        return self.url + self.path


class Desk:
    """Someone in front of a browser window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, url: str, username: str) -> None:
        self.page.goto(f"{url}/accounts/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("[name=password]", "Enter")

    def open(self, address: str) -> None:
        """Opens a page and waits until it is live."""
        self.page.goto(address)
        self.await_line()

    def await_line(self) -> None:
        self.page.locator('#connection[data-state="ready"]').wait_for(state="attached")

    def cut_line(self) -> None:
        self.page.evaluate('import("chat/realtime/live.js").then(({ live }) => live.socket.stop())')

    def mend_line(self) -> None:
        self.page.evaluate('import("chat/realtime/live.js").then(({ live }) => live.socket.start())')

    def look_up(self) -> None:
        """Comes back to the window: a client that waits before its next try does not wait any longer."""
        self.page.evaluate('window.dispatchEvent(new Event("online"))')

    @property
    def field(self) -> Locator:
        return self.page.locator("chat-composer textarea")

    def say(self, *texts: str) -> None:
        for text in texts:
            self.page.fill("chat-composer textarea", text)
            self.page.press("chat-composer textarea", "Enter")

    def amend(self, text: str, command: str, **fields: object) -> None:
        """Sends a command about one's own message over the page's socket."""
        message_id = self.page.locator(".message.mine", has_text=text).get_attribute("data-message-id")
        self.page.evaluate(
            'async (frame) => (await import("chat/realtime/live.js")).live.send(frame)',
            {"type": command, "op_id": str(uuid4()), "message_id": message_id, **fields},
        )

    def await_kept(self) -> None:
        """Waits until what was sent last is in the outbox on the disk: until then the draft has it."""
        self.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('draft '))")

    def await_settled(self, count: int) -> None:
        """Waits until this many messages are shown, none of them on its way."""
        self.page.wait_for_function(
            """(count) => document.querySelectorAll(".message[id]:not([data-pending])").length === count
                && !document.querySelector("[data-pending]")""",
            arg=count,
        )

    @property
    def transcript(self) -> list[str]:
        """The words of all messages, top to bottom."""
        return self.page.locator(".message .message-body").all_inner_texts()

    @property
    def seqs(self) -> list[int]:
        return self.page.locator(".message").evaluate_all("items => items.map((item) => Number(item.dataset.seq))")

    def tick(self, text: str, state: str) -> None:
        """Waits until the tick of one's own message says `state`."""
        own = self.page.locator(".message.mine", has_text=text)
        own.locator(f'.ticks[data-state="{state}"]').wait_for(state="attached")


def beside(work: Callable[[], T]) -> T:
    """Does `work` in a thread of its own, which has no loop, and leaves no connection behind."""

    def alone() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result()


@pytest.fixture
def talk(live_server_url: str, live_stack: LiveStack, request: pytest.FixtureRequest) -> Talk:
    """`parametrize("talk", [n], indirect=True)`: ada and ben have written n messages in turns."""
    return beside(lambda: _talk(live_server_url, live_stack, getattr(request, "param", 0)))


def _talk(url: str, live_stack: LiveStack, count: int) -> Talk:
    ada, ben = live_stack.person("ada"), live_stack.person("ben")
    conversation = acquaint(ada, ben)
    for number in range(1, count + 1):
        writer = (ada, ben)[number % 2]
        messages.send(writer.chat_id, conversation.id, uuid4(), f"message {number}" + " and more of it" * (number % 9))
    return Talk(url, str(conversation.id), ada, ben)


@pytest.fixture
def gate(live_server_url: str) -> Iterator[Gate]:
    """A way to the site that this test can shut."""
    gate = Gate(live_server_url)
    yield gate
    gate.leave()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's loop runs in this thread for all journeys: what asks the databases goes `beside()` it.

    Only pytest-django's own emptying of the tables cannot, and is allowed here.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "No Chromium found: install chromium-headless-shell (or chromium) for the browser tests."
    return found


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One Chromium for all journeys; each has profiles of its own in it."""
    with playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        yield browser


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> list[BrowserContext]:
    """Browser profiles that earlier journeys left: they need not fetch scripts and styles again.

    Cookies are taken out of them. What pages keep themselves is under a person's id, and each journey has new people.
    """
    return []


@pytest.fixture
def windows(browser: Browser, profiles: list[BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles. An error in any page's script fails the test."""
    problems: list[str] = []
    taken: list[BrowserContext] = []
    special: list[BrowserContext] = []
    expect.set_options(timeout=PATIENCE_MS)

    def note(error: WebError) -> None:
        problems.append(str(error.error))

    def profile(**options: object) -> BrowserContext:
        still: dict[str, object] = {
            "viewport": {"width": 1280, "height": 800},
            "reduced_motion": "reduce",
            "service_workers": "block",  # else each profile fetches every file once more
        }
        ready = profiles.pop() if profiles and not options else None
        context = ready or browser.new_context(**{**still, **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", note)
        (special if options else taken).append(context)
        return context

    yield profile
    for context in [*taken, *special]:
        context.remove_listener("weberror", note)
        for page in context.pages:
            page.close()
        context.clear_cookies()
    for context in special:
        context.close()
    profiles.extend(taken)
    assert not problems, problems


@pytest.fixture
def enter(talk: Talk, windows: Callable[..., BrowserContext]) -> Enter:
    """`enter("ada")`: she is logged in, in a browser of her own, and looks at the conversation."""

    def enter(username: str, *, address: str = "", live: bool = True) -> Desk:
        context = windows()
        let_in(context, talk, username)
        desk = Desk(context.new_page())
        if live:
            desk.open(address or talk.address)
        else:
            desk.page.goto(address or talk.address)
        return desk

    return enter


def let_in(context: BrowserContext, talk: Talk, username: str) -> None:
    """Signs in without the form: the session is made here and given to the profile as its cookie."""
    client = Client()
    beside(lambda: client.force_login(talk.ada if username == "ada" else talk.ben))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": talk.url}])
