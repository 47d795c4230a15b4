"""Deleted for oneself only: gone from one's own pages, counts, previews, searches and syncs, and from nobody else's."""

from __future__ import annotations

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.services import tokens
from chatsite.errors import NotFound
from messaging.documents import Conversation
from messaging.services import amendments, conversations, export, hiding, inbox, messages, search
from tests.cast import Cast
from tests.live import LiveStack
from tests.messaging.conftest import Apis, problem, say
from tests.messaging.views.conftest import settle
from tests.sockets import signed_in

pytestmark = pytest.mark.django_db


def test_it_is_gone_for_one_person_and_for_nobody_else(cast: Cast, group: Conversation) -> None:
    first, second = say(cast.ada, group, "the first kite"), say(cast.ada, group, "the second kite")
    settle(second)
    hiding.hide(cast.ben.chat_id, second.id, True)
    for who, texts, unread in ((cast.ben, [first.content], 1), (cast.cleo, [first.content, second.content], 2)):
        row = inbox.rows(who.chat_id)[0]
        page = messages.page(who.chat_id, group.id)
        hits = search.find(search.ask(who.chat_id, "kite")).hits
        assert [one.content for one in page.messages if not one.hidden_for] == texts
        assert sorted(one.message.content for one in hits) == texts
        assert (row.unread, row.conversation.last_message_preview) == (unread, texts[-1])
        exported = b"".join(b"".join(part.rows) for part in export.parts(who.chat_id) if "jsonl" in part.name)
        assert exported.count(b"the second kite") == len(texts) - 1
    assert [one.seq for one in page.messages] == [1, 2]


def test_taken_back_it_is_as_before(cast: Cast, group: Conversation) -> None:
    said = say(cast.ada, group, "the kite")
    settle(said)
    for on in (True, True, False):
        hiding.hide(cast.ben.chat_id, said.id, on)
    assert messages.one(cast.ben.chat_id, said.id).content == "the kite"
    assert inbox.rows(cast.ben.chat_id)[0].conversation.last_message_preview == "the kite"
    assert inbox.rows(cast.ben.chat_id)[0].unread == 1


def test_who_is_not_there_hides_nothing(cast: Cast, group: Conversation) -> None:
    said = say(cast.ada, group)
    assert cast.eve.pk
    with pytest.raises(NotFound):
        hiding.hide(cast.eve.chat_id, said.id, True)


def test_the_api_hides_and_tells_of_the_place_only(cast: Cast, group: Conversation, api: Apis) -> None:
    said, ben = say(cast.ada, group, "the kite"), api(cast.ben)
    assert ben("PUT", f"messages/{said.id}/hidden/").status_code == 204
    problem(ben.get(f"messages/{said.id}/"), 404, "not_found")
    (found,) = ben.get(f"conversations/{group.id}/messages/").json()["results"]
    assert (found["seq"], found["content"], found["hidden"]) == (1, "", True)
    assert ben.get(f"conversations/{group.id}/hidden/", first=1, last=9).json() == {"results": [1]}
    (others,) = api(cast.ada).get(f"conversations/{group.id}/messages/").json()["results"]
    assert (others["content"], others.get("hidden", False)) == ("the kite", False)
    assert ben("DELETE", f"messages/{said.id}/hidden/").status_code == 204
    assert ben.get(f"messages/{said.id}/").json()["content"] == "the kite"


def test_the_page_does_not_draw_it(cast: Cast, group: Conversation) -> None:
    said = say(cast.ada, group, "the kite")
    settle(said)
    hiding.hide(cast.ben.chat_id, said.id, True)
    for who, drawn in ((cast.ben, False), (cast.cleo, True)):
        browser = Client()
        browser.force_login(who)
        assert ("the kite" in browser.get(f"/c/{group.id}/").content.decode()) is drawn


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_ones_own_devices_hear_of_it_and_those_that_come_back_get_only_its_place(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    his, hers = [(await sync_to_async(tokens.issue)(who)).access for who in (ben, ada)]
    here = str(private.id)
    async with (
        signed_in(live_stack.socket_url, his) as one,
        signed_in(live_stack.socket_url, his) as other,
        signed_in(live_stack.socket_url, hers) as sender,
    ):
        await sender.say(here, "the kite")
        sent = await sender.wait("ack")
        op = str(uuid4())
        await one.send("message.hide", op_id=op, message_id=sent["message_id"], on=True)
        await one.wait("ack", op_id=op)
        assert (await other.wait("message.hidden", on=True))["seq"] == 1
        await sync_to_async(amendments.edit)(ada.chat_id, sent["message_id"], uuid4(), "the old kite")
        await sender.wait("message.changed")
        assert not [event for event in sender.events if event["type"] == "message.hidden"]
    async with (
        signed_in(live_stack.socket_url, his, {here: [0, 0]}) as back,
        signed_in(live_stack.socket_url, hers, {here: [0, 0]}) as hers_back,
    ):
        for client, content, hidden in ((back, "", True), (hers_back, "the old kite", False)):
            missed = await client.wait("sync.batch")
            for message in (missed["messages"][0], missed["changes"][0]["message"]):
                assert (message["seq"], message["content"], message.get("hidden", False)) == (1, content, hidden)
