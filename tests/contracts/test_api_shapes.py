"""The API answers in the shapes that the structs declare, and its description says the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client

from messaging.api import answers, requests
from messaging.documents import Conversation
from messaging.protocol import ConversationData, DraftData, MembershipData, MessageData
from messaging.services import receipts
from tests.cast import Cast
from tests.messaging.conftest import Apis, api, group, say

__all__ = ["api", "group"]
pytestmark = pytest.mark.django_db

# From PROTOCOL.md, "Shapes that outside clients rely on"
MESSAGE = "id conversation_id seq client_id sender_id content attachments reply_to mentions created_at updated_at"
MESSAGE += " delivered_to read_by reactions"
CONVERSATION = (
    "id type participants name created_by created_at updated_at last_message_at last_message_preview is_active"
)
CONVERSATION += " last_seq last_rev unread membership"


def test_the_structs_have_the_fields_of_the_protocol() -> None:
    assert set(MessageData.__struct_fields__) >= set(MESSAGE.split())
    assert set(ConversationData.__struct_fields__) >= set(CONVERSATION.split())
    assert set(MembershipData.__struct_fields__) >= {"role", "delivered_seq", "read_seq"}
    assert set(answers.MessagePage.__struct_fields__) >= {"results", "has_before", "has_after", "head"}
    assert set(answers.ReceiptsOfMessage.__struct_fields__) == {"delivered_to", "read_by"}
    sent = {"client_id", "content", "reply_to", "thread_id", "attachments"}
    assert set(requests.NewMessage.__struct_fields__) == sent
    assert set(requests.NewConversation.__struct_fields__) == {"type", "participants", "name", "public"}


GETS: dict[str, type[msgspec.Struct]] = {
    "conversations/": answers.ConversationPage,
    "conversations/{here}/": ConversationData,
    "conversations/{here}/members/": answers.Members,
    "conversations/{here}/draft/": DraftData,
    "conversations/{here}/messages/": answers.MessagePage,
    "conversations/{here}/messages/?around=1&limit=1": answers.MessagePage,
    "conversations/{here}/changes/": answers.ChangePage,
    "conversations/{here}/receipts/?seq=1": answers.ReceiptsOfMessage,
    "conversations/{here}/pins/": answers.PinPage,
    "conversations/{here}/invites/": answers.Invites,
    "rooms/": answers.RoomPage,
    "messages/{message}/": MessageData,
    "messages/{message}/history/": answers.MessageHistory,
    "conversations/{here}/hidden/?first=1&last=9": answers.HiddenSeqs,
    "messages/{message}/thread/": answers.ThreadPage,
}


@pytest.mark.parametrize("path", GETS)
def test_an_answer_is_of_its_declared_shape(cast: Cast, api: Apis, group: Conversation, path: str) -> None:  # noqa: F811
    first = say(cast.ada, group)
    say(cast.ben, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 2)
    answer = api(cast.ada).get(path.format(here=group.id, message=first.id))
    assert answer.status_code == 200
    exactly(answer.content, GETS[path])


def test_what_is_answered_to_writing(cast: Cast, api: Apis, group: Conversation) -> None:  # noqa: F811
    ada, here = api(cast.ada), f"conversations/{group.id}/"
    body = {"client_id": "11111111-1111-4111-8111-111111111111", "content": "hello"}
    exactly(ada.post(f"{here}messages/", body).content, MessageData)
    exactly(ada.post(f"{here}receipts/", {"kind": "read", "seq": 1}).content, MembershipData)
    exactly(ada.post(f"{here}members/", {"user_ids": [str(cast.dora.pk)]}).content, answers.Members)
    exactly(ada("PATCH", f"{here}members/{cast.dora.pk}/", {"role": "admin"}).content, answers.Members)
    exactly(ada("PUT", f"{here}draft/", {"text": "hel"}).content, DraftData)
    exactly(ada("PATCH", here, {"name": "Dragons"}).content, ConversationData)
    new = {"type": "private", "participants": [str(cast.ben.pk)]}
    exactly(ada.post("conversations/", new).content, ConversationData)


def exactly(text: bytes, shape: type[msgspec.Struct]) -> None:
    """Every field declared, none missing, each of its type."""
    understood = msgspec.json.decode(text, type=shape)
    assert msgspec.json.decode(msgspec.json.encode(understood)) == msgspec.json.decode(text)


def described() -> Any:
    return Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()


def test_the_description_is_valid_and_complete(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))
    paths = described()["paths"]
    for path in GETS:
        address = path.partition("?")[0].format(here="{conversation_id}", message="{message_id}")
        assert f"/api/v1/{address}" in paths
    for operations in paths.values():
        for operation in operations.values():
            assert operation["responses"].keys() >= {"default"}


@pytest.mark.parametrize("shape", [MessageData, ConversationData, answers.MessagePage, requests.NewMessage])
def test_the_description_of_a_struct_is_the_struct(shape: type[msgspec.Struct]) -> None:
    known = described()["components"]["schemas"]
    assert known[shape.__name__]["properties"].keys() == set(shape.__struct_encode_fields__)


def test_the_description_can_be_read_as_a_page() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert "swagger-ui" in page
    assert "<style" not in page
