"""Who may open a socket, who may stay on it, and when what arrives there ends."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from websockets.exceptions import InvalidStatus

from accounts.models import User
from accounts.services import tokens
from messaging.services import conversations, members, messages
from tests.live import LiveStack
from tests.sockets import opened, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SOON = 2.0  # seconds within which a right that ended shows (PROTOCOL.md, "When a right ends")
db = sync_to_async


@pytest.fixture
def ada(live_stack: LiveStack, transactional_db: None) -> User:
    return live_stack.person("ada")


@pytest.fixture
def ben(live_stack: LiveStack, transactional_db: None) -> User:
    return live_stack.person("ben")


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    assert browser.session[SESSION_KEY]
    return browser


def cookie_of(browser: Browser) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}


async def test_a_page_of_this_site_opens_a_socket_with_its_cookie(live_stack: LiveStack, ada: User) -> None:
    browser = await db(browser_of)(ada)
    headers = {**cookie_of(browser), "Origin": live_stack.url}
    async with opened(live_stack.socket_url, headers=headers) as client:
        await client.send("hello")
        assert (await client.wait("ready"))["user_id"] == ada.chat_id


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "https://{host}", "http://sub.{host}", "http://{host}.evil"]
)
async def test_a_page_of_another_site_opens_none(live_stack: LiveStack, ada: User, origin: str) -> None:
    browser = await db(browser_of)(ada)
    host = urlsplit(live_stack.url).netloc
    headers = {**cookie_of(browser), "Origin": origin.format(host=host)}
    with pytest.raises(InvalidStatus) as refused:
        async with opened(live_stack.socket_url, headers=headers):
            pass
    assert refused.value.response.status_code in (400, 403)


async def test_a_cookie_without_an_origin_opens_none(live_stack: LiveStack, ada: User) -> None:
    browser = await db(browser_of)(ada)
    with pytest.raises(InvalidStatus) as refused:
        async with opened(live_stack.socket_url, headers=cookie_of(browser)):
            pass
    assert refused.value.response.status_code == 403


async def test_a_ticket_works_once(live_stack: LiveStack, ada: User) -> None:
    ticket = await db(tokens.issue_ticket)(ada.chat_id)
    async with opened(live_stack.socket_url) as client:
        await client.send("hello", ticket=ticket)
        assert (await client.wait("ready"))["user_id"] == ada.chat_id
    async with opened(live_stack.socket_url) as second:
        await second.send("hello", ticket=ticket)
        assert await second.closed() == 4401


async def test_a_bad_token_is_told_so(live_stack: LiveStack, ada: User) -> None:
    async with opened(live_stack.socket_url, token="not.a.token") as client:
        assert await client.closed() == 4401


async def test_nothing_but_hello_comes_first(live_stack: LiveStack, ada: User) -> None:
    token = (await db(tokens.issue)(ada)).access
    async with opened(live_stack.socket_url, token) as client:
        await client.send("ping")
        assert (await client.wait("error"))["code"] == "forbidden"


async def test_logging_out_closes_the_sockets_of_that_session_only(live_stack: LiveStack, ada: User) -> None:
    leaving, staying = await db(browser_of)(ada), await db(browser_of)(ada)
    origin = {"Origin": live_stack.url}
    async with (
        opened(live_stack.socket_url, headers={**cookie_of(leaving), **origin}) as gone,
        opened(live_stack.socket_url, headers={**cookie_of(staying), **origin}) as kept,
    ):
        for client in (gone, kept):
            await client.send("hello")
            await client.wait("ready")
        await db(leaving.logout)()
        assert await gone.closed(SOON) == 4401
        await kept.send("ping")
        await kept.wait("pong")


@pytest.mark.parametrize("with_ticket", [False, True])
async def test_ending_an_api_session_closes_its_sockets(live_stack: LiveStack, ada: User, with_ticket: bool) -> None:
    ending, staying = await db(tokens.issue)(ada), await db(tokens.issue)(ada)
    family = await db(tokens.family_of)(ending.access)
    ticket = await db(tokens.issue_ticket)(ada.chat_id, family) if with_ticket else None
    async with (
        opened(live_stack.socket_url, None if with_ticket else ending.access) as gone,
        signed_in(live_stack.socket_url, staying.access) as kept,
    ):
        await gone.send("hello", ticket=ticket)
        await gone.wait("ready")
        await db(tokens.revoke)(ending.refresh)
        assert await gone.closed(SOON) == 4401
        await kept.send("ping")
        await kept.wait("pong")


async def test_who_is_removed_hears_nothing_more(live_stack: LiveStack, ada: User, ben: User) -> None:
    group = await db(conversations.create_group)(ada.chat_id, "Tea", [ben.chat_id])
    token = (await db(tokens.issue)(ben)).access
    async with signed_in(live_stack.socket_url, token) as client:
        await db(messages.send)(ada.chat_id, group.id, "00000000-0000-4000-8000-000000000001", "still here")
        await client.wait("message.created", seq=1)
        await db(members.remove)(ada.chat_id, group.id, ben.chat_id)
        await client.wait("conversation.removed", conversation_id=str(group.id))
        await db(messages.send)(ada.chat_id, group.id, "00000000-0000-4000-8000-000000000002", "among us")
        await client.say(group.id, "let me in")
        assert (await client.wait("error"))["code"] == "not_found"
        await asyncio.sleep(0.3)
        assert client.find("message.created", seq=2) is None


async def test_the_heartbeat_tells_of_what_is_no_longer_mine(live_stack: LiveStack, ada: User, ben: User) -> None:
    """The event that says so may have been lost."""
    group = await db(conversations.create_group)(ada.chat_id, "Tea", [])
    assert ben.pk
    async with signed_in(live_stack.socket_url, (await db(tokens.issue)(ben)).access) as client:
        await client.send("ping", cursors={str(group.id): [0, 1]})
        await client.wait("conversation.removed", conversation_id=str(group.id), reason="not_found")
        assert (await client.wait("pong"))["heads"] == {}


async def test_the_heartbeat_tells_who_knows_of_nothing_what_is_theirs(live_stack: LiveStack, ada: User) -> None:
    """A client that says nothing of cursors, not even that it has none, asks for nothing."""
    group = await db(conversations.create_group)(ada.chat_id, "Tea", [])
    async with signed_in(live_stack.socket_url, (await db(tokens.issue)(ada)).access) as client:
        await client.send("ping")
        await client.wait("pong", heads={})
        await client.send("ping", cursors={})
        await client.wait("pong", heads={str(group.id): [0, 1]})


async def test_who_is_added_hears_the_next_message(live_stack: LiveStack, ada: User, ben: User) -> None:
    group = await db(conversations.create_group)(ada.chat_id, "Tea", [])
    token = (await db(tokens.issue)(ben)).access
    async with signed_in(live_stack.socket_url, token) as client:
        await db(members.add)(ada.chat_id, group.id, [ben.chat_id])
        await client.wait("conversation.changed", conversation_id=str(group.id))
        await db(messages.send)(ada.chat_id, group.id, "00000000-0000-4000-8000-000000000003", "welcome")
        assert (await client.wait("message.created"))["message"]["content"] == "welcome"
        await client.say(group.id, "thank you")
        await client.wait("ack")
