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
from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import Invalid
from chatsite.types import ObjectId
from messaging.services import archive, conversations, messages
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
    """A group for each line that can be a name: they stand in the list of conversations. How many there are.

    All are copies of one, since a thousand cannot be made one by one in a test.
    """
    names = [called for one in PAYLOADS if (called := _group_name(one))]
    made, kept = conversations.create_group(ada.chat_id, "Kites", []), mongo.database()
    ids = [ObjectId() for _ in names]
    room, seat = kept.conversations.find_one({"_id": made.id}), kept.memberships.find_one({"conversation_id": made.id})
    assert room and seat
    kept.conversations.insert_many({**room, "_id": id, "name": name} for id, name in zip(ids, names, strict=True))
    kept.memberships.insert_many({**seat, "_id": ObjectId(), "conversation_id": id} for id in ids)
    return len(names)


def _group_name(payload: str) -> str:
    """As the chat takes it; empty where it does not."""
    try:
        return conversations.check_name(line(payload)[:DISPLAY_NAME_MAX].strip())
    except Invalid:
        return ""


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

    def await_message(self, seq: int) -> None:
        self.page.locator(f'.message[data-seq="{seq}"]').wait_for(state="attached")

    def check(self) -> None:
        assert self.page.evaluate("ran") == []
        assert self.page.evaluate(LINKS) == []
        assert self.seen == []


def test_nothing_runs(hostile: Talk, windows: Callable[..., BrowserContext]) -> None:
    """With the policy, and without: there what it would forbid runs."""
    assert len(PAYLOADS) > NAMED
    both = [_watched(hostile, windows(bypass_csp=bypass)) for bypass in (False, True)]
    for witness in both:
        _leaf(hostile, witness)
        witness.page.goto(hostile.address)
        witness.page.locator('#connection[data-state="ready"]').wait_for(state="attached")
    for first in range(0, len(PAYLOADS), PAGE):  # and live: what comes then is put in by script
        some = PAYLOADS[first : first + PAGE]
        beside(partial(_send, hostile, some))
        for witness in both:
            witness.await_message(len(PAYLOADS) + first + len(some))
    for witness in both:
        witness.check()
        let_in(witness.page.context, hostile, "ada")
        witness.page.goto(hostile.url)
        assert witness.page.locator(".row").count() > NAMED
        witness.check()


def _watched(talk: Talk, context: BrowserContext) -> Witness:
    let_in(context, talk, "ben")
    return Witness(context.new_page(), talk.url)


def _leaf(talk: Talk, witness: Witness) -> None:
    """Through all pages, as the site sends them."""
    for last in range(len(PAYLOADS) + 1, 1, -PAGE):
        witness.page.goto(f"{talk.address}?before={last}", wait_until="load")
        assert witness.page.locator(".message").count() >= min(PAGE, last - 1)
        witness.check()


def _send(talk: Talk, payloads: list[str]) -> None:
    for payload in payloads:
        messages.send(talk.ada.chat_id, talk.conversation_id, uuid4(), payload)
