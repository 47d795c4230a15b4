"""Strings made to run as script, wherever people put text: a real browser runs none, with the policy and without."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import BrowserContext, Page

from accounts.models import Profile, User
from accounts.models.profile import DISPLAY_NAME_MAX
from accounts.models.texts import line
from chatsite.clock import now
from chatsite.errors import Invalid
from chatsite.types import ObjectId
from messaging.services import archive, messages
from messaging.services.archive import Entry
from tests.journeys.conftest import Talk, beside, let_in
from tests.live import LiveStack

LINES = (
    (Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile" / "xss-payloads.txt").read_text().splitlines()
)
PAYLOADS = [one for one in LINES if one]
PAGE = 50  # messages
NAMED = 1000  # at least so many are a name that the chat takes
HOOKS = """
    globalThis.ran = []
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
        globalThis[name] = (...given) => void ran.push(`${name}(${given})`)
    }
    addEventListener("securitypolicyviolation", ({ violatedDirective }) => ran.push(violatedDirective))
"""
LINKS = """() => [...document.querySelectorAll("main a[href]")].map((link) => link.protocol)
    .filter((protocol) => !["http:", "https:", "mailto:"].includes(protocol))"""


def _rooms(ada: User) -> int:
    """A group for each line that can be a name: they stand in the list of conversations. How many there are."""
    made = 0
    for place, payload in enumerate(PAYLOADS):
        try:
            room = archive.room(line(payload)[:DISPLAY_NAME_MAX].strip(), ada.chat_id, key=f"{uuid4()} {place}")
        except Invalid:
            continue
        archive.let_in(room.id, ada.chat_id)
        made += 1
    return made


def _people(password: str) -> list[User]:
    """Someone for each line that can be a name, who is called that."""
    people, profiles = [], []
    for place, payload in enumerate(PAYLOADS):
        person = User(username=f"person{place}", email=f"person{place}@example.org", password=password)
        profile = Profile(user=person, display_name=line(payload)[:DISPLAY_NAME_MAX].strip())
        try:
            profile.clean_fields(exclude=["user"])
        except ValidationError:
            continue
        people.append(person)
        profiles.append(profile)
    User.objects.bulk_create(people)
    Profile.objects.bulk_create(profiles)
    return people


def _said(talk: Talk, people: list[User]) -> None:
    """Each line as a message, by all these people in turns; each answers the one before."""
    entries: list[Entry] = []
    for place, payload in enumerate(PAYLOADS):
        by, answers = people[place % len(people)], entries[-1].client_id if entries else None
        entries.append(Entry(str(uuid4()), by.chat_id, payload, now(), answers))
    assert sum(archive.take_in(ObjectId(talk.conversation_id), entries)) == len(PAYLOADS)


@pytest.fixture
def hostile(talk: Talk, live_stack: LiveStack) -> Talk:
    def prepare() -> None:
        people = _people(live_stack.password_hash)
        assert len(people) > NAMED
        assert _rooms(talk.ada) > NAMED
        _said(talk, people)

    beside(prepare)
    return talk


class Witness:
    """Notes what a page should not do: speak, ask elsewhere, run."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.seen = page, list[str]()
        page.add_init_script(HOOKS)
        page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: asked.url.startswith(url) or self.seen.append(f"asked {asked.url}"))
        page.on("response", lambda got: got.status < 400 or self.seen.append(f"{got.status} {got.url}"))
        page.on("popup", lambda other: self.seen.append(f"opened {other.url}"))

    def check(self) -> None:
        assert self.page.evaluate("ran") == []
        assert self.page.evaluate(LINKS) == []
        assert self.seen == []


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
def test_nothing_runs(hostile: Talk, windows: Callable[..., BrowserContext], policy: bool) -> None:
    assert len(PAYLOADS) > NAMED
    context = windows(bypass_csp=not policy)
    let_in(context, hostile, "ada")
    page = context.new_page()
    witness = Witness(page, hostile.url)
    for last in range(len(PAYLOADS) + 1, 1, -PAGE):
        page.goto(f"{hostile.address}?before={last}", wait_until="load")
        assert page.locator(".message").count() >= min(PAGE, last - 1)
        witness.check()
    page.goto(hostile.address)
    page.locator('#connection[data-state="ready"]').wait_for(state="attached")
    for first in range(0, len(PAYLOADS), PAGE):  # and live: what comes then is put in by script
        some = PAYLOADS[first : first + PAGE]
        beside(partial(_send, hostile, some))
        page.locator(f'.message[data-seq="{len(PAYLOADS) + first + len(some)}"]').wait_for(state="attached")
    assert page.locator(".row").count() > NAMED
    witness.check()


def _send(talk: Talk, payloads: list[str]) -> None:
    for payload in payloads:
        messages.send(talk.ben.chat_id, talk.conversation_id, uuid4(), payload)
