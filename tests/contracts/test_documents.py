"""The server itself refuses what is no document of its kind: written past the application, straight into MongoDB."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pymongo.errors import WriteError

from chatsite import mongo
from chatsite.clock import now
from chatsite.mongo import sync
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.mongo.spec import Collection, Document
from chatsite.types import ObjectId
from messaging import documents as messaging
from notifications import documents as notifications

pytestmark = pytest.mark.mongo

SOMEONE, MOMENT, SOME_ID = "00000000-0000-4000-8000-000000000001", now(), ObjectId()
REFUSED = 121  # DocumentValidationFailure
RECEIPT = messaging.Receipt(user_id=SOMEONE, timestamp=MOMENT)
FILE = messaging.Attachment(
    id=SOME_ID, type="image/png", url="/m/1", name="a kite", size=2**40, width=1, height=1, blur="data:,"
)
PICTURE = messaging.PreviewPicture(key="0" * 32, width=1, height=1)
PREVIEW = messaging.Preview(
    id=SOME_ID, url="https://kites.test/", title="Kites", description="Fly", site="Kites", picture=PICTURE
)

COMPLETE: dict[str, Document] = {
    "conversations": messaging.Conversation(
        id=SOME_ID,
        type="private",
        participants=[SOMEONE],
        name="Kites",
        created_by=SOMEONE,
        created_at=MOMENT,
        updated_at=MOMENT,
        last_message_at=MOMENT,
        last_message_preview="hello",
        last_sender_id=SOMEONE,
        pair=f"{SOMEONE}:{SOMEONE}",
        description="flown on Sundays",
        avatar_url="/c/1/picture/1/128.webp",
        public=True,
        removed=[SOMEONE],
        lined_seq=0,
    ),
    "memberships": messaging.Membership(
        id=SOME_ID,
        conversation_id=SOME_ID,
        user_id=SOMEONE,
        role="owner",
        shown_delivered_seq=0,
        shown_read_seq=0,
        request="waiting",
        joined_at=MOMENT,
        muted_until=MOMENT,
        level="mentions",
        pinned_at=MOMENT,
        archived_seq=0,
        marked_unread=True,
        draft=messaging.SeatDraft(text="hel", reply_to=SOME_ID, updated_at=MOMENT),
        scheduled=1,
        hidden_seq=0,
    ),
    "messages": messaging.Message(
        id=SOME_ID,
        conversation_id=SOME_ID,
        seq=1,
        client_id=SOMEONE,
        sender_id=SOMEONE,
        content="hello",
        attachments=[FILE],
        reply_to=SOME_ID,
        thread_id=SOME_ID,
        mentions=[SOMEONE],
        created_at=MOMENT,
        updated_at=MOMENT,
        delivered_to=[RECEIPT],
        read_by=[RECEIPT],
        reactions=[messaging.Reaction(emoji="🪁", user_ids=[SOMEONE])],
        edited_at=MOMENT,
        deleted_at=MOMENT,
        pinned_at=MOMENT,
        thread=messaging.Thread(count=1, seq=2, rev=0, last_at=MOMENT, user_ids=[SOMEONE]),
        forwarded=messaging.Forwarded(author_id=SOMEONE),
        previews=[PREVIEW],
        plain_links=True,
        hidden_for=[SOMEONE],
    ),
    "message_changes": messaging.Change(
        id=SOME_ID,
        conversation_id=SOME_ID,
        rev=1,
        kind="renamed",
        actor_id=SOMEONE,
        message_id=SOME_ID,
        op_id=SOMEONE,
        details={"name": "Dragons"},
        at_seq=0,
        created_at=MOMENT,
    ),
    "uploads": messaging.Upload(
        id=SOME_ID,
        key="0" * 32,
        owner_id=SOMEONE,
        conversation_id=SOME_ID,
        name="a kite",
        size=2**40,
        type="image/png",
        pieces=["0.0"],
        width=1,
        height=1,
        blur="data:,",
        client_id=SOMEONE,
        created_at=MOMENT,
        moved_at=MOMENT,
        stored_as="0" * 32,
    ),
    "invites": messaging.Invite(
        id=SOME_ID,
        conversation_id=SOME_ID,
        token="0" * 64,
        made_by=SOMEONE,
        created_at=MOMENT,
        expires_at=MOMENT,
        uses_max=1,
        uses=0,
        revoked_at=MOMENT,
    ),
    "epochs": messaging.Epoch(id=SOME_ID, epoch="0" * 32, created_at=MOMENT),
    "link_cards": messaging.LinkCard(
        id=SOME_ID,
        url="https://kites.test/",
        title="Kites",
        description="Fly",
        site="Kites",
        picture=PICTURE,
        fetched_at=MOMENT,
        looked_at=MOMENT,
    ),
    "search_blocks": messaging.Block(
        id=SOME_ID,
        conversation_id=SOME_ID,
        number=0,
        version=1,
        upto=1,
        touched=1,
        stale=True,
        first_at=MOMENT,
        last_at=MOMENT,
        senders=[SOMEONE],
        times=[1],
        lines="hello",
        terms=["hello"],
    ),
    "scheduled_messages": messaging.Scheduled(
        id=SOME_ID,
        user_id=SOMEONE,
        conversation_id=SOME_ID,
        client_id=SOMEONE,
        content="hello",
        reply_to=SOME_ID,
        files=[SOME_ID],
        due_at=MOMENT,
        state="failed",
        tried_at=MOMENT,
        problem="gone",
        created_at=MOMENT,
        updated_at=MOMENT,
    ),
    "saved_messages": messaging.Saved(
        id=SOME_ID, user_id=SOMEONE, message_id=SOME_ID, conversation_id=SOME_ID, saved_at=MOMENT
    ),
    "notifications": notifications.Notification(
        id=SOME_ID,
        user_id=SOMEONE,
        type="system",
        content={"text": "hello"},
        related_to=notifications.RelatedTo(type="announcement", id="1"),
        created_at=MOMENT,
        expires_at=MOMENT,
    ),
    "notification_preferences": notifications.NotificationPreference(id=SOME_ID, user_id=SOMEONE, updated_at=MOMENT),
}
COLLECTIONS = {one.name: one for one in sync.declared()}
Path = tuple[str | int, ...]


def schema_of(collection: Collection) -> dict[str, Any]:
    schema: dict[str, Any] = collection.validator["$jsonSchema"]
    return schema


def wrongs(schema: dict[str, Any], value: Any, at: Path = ()) -> Iterator[tuple[str, Path, Any]]:
    """Every way in which this value can be made wrong, as (what is wrong, where, by which value)."""
    if at and at != ("_id",):
        yield "wrong type", at, 7.5 if schema.get("bsonType") == "string" else "seven"
    if "maxLength" in schema:
        yield "too long", at, value + "x" * schema["maxLength"]
    if "minLength" in schema or "pattern" in schema:
        yield "too short or of another form", at, value[:-1]
    if "minimum" in schema:
        yield "too small", at, schema["minimum"] - 1
    if "enum" in schema:
        yield "unknown choice", at, "purple"
    if schema.get("additionalProperties") is False:
        yield "unknown field", (*at, "colour"), "red"
    for name, inner in schema.get("properties", {}).items():
        if name in schema["required"] and (*at, name) != ("_id",):
            yield "missing", (*at, name), None
        yield from wrongs(inner, value[name], (*at, name))
    if "items" in schema:
        yield from wrongs(schema["items"], value[0], (*at, 0))


def changed(document: dict[str, Any], at: Path, what: Any) -> dict[str, Any]:
    """The document with another value at a place; None takes the place away."""
    fresh = deepcopy(document)
    inner: Any = fresh
    for step in at[:-1]:
        inner = inner[step]
    if what is None:
        del inner[at[-1]]
    else:
        inner[at[-1]] = what
    return fresh


CASES = [
    pytest.param(name, at, what, id=f"{name}.{'.'.join(map(str, at))} {why}")
    for name, document in COMPLETE.items()
    for why, at, what in wrongs(schema_of(COLLECTIONS[name]), to_bson(document))
]


def test_every_collection_has_a_complete_example() -> None:
    assert COMPLETE.keys() == COLLECTIONS.keys()
    assert len(CASES) > 120
    for name, document in COMPLETE.items():
        assert to_bson(document).keys() == schema_of(COLLECTIONS[name])["properties"].keys()


@pytest.mark.parametrize("name", COMPLETE)
def test_a_right_document_is_stored_as_it_is(name: str) -> None:
    document = COMPLETE[name]
    mongo.database()[name].insert_one(to_bson(document))
    found = mongo.database()[name].find_one({"_id": document.id})
    assert found is not None
    assert from_bson(type(document), found) == document


@pytest.mark.parametrize(("name", "at", "what"), CASES)
def test_a_wrong_document_is_refused_by_the_server(name: str, at: Path, what: Any) -> None:
    with pytest.raises(WriteError) as refusal:
        mongo.database()[name].insert_one(changed(to_bson(COMPLETE[name]), at, what))
    assert refusal.value.code == REFUSED


def test_an_update_cannot_make_a_right_document_wrong() -> None:
    messages = mongo.database()["messages"]
    messages.insert_one(to_bson(COMPLETE["messages"]))
    with pytest.raises(WriteError):
        messages.update_one({}, {"$set": {"content": "x" * (messaging.CONTENT_MAX + 1)}})
    with pytest.raises(WriteError):
        messages.update_one({}, {"$push": {"read_by": {"user_id": SOMEONE}}})


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_has_its_indexes(name: str) -> None:
    there = mongo.database()[name].index_information()
    assert there.keys() == {"_id_"} | {index.name for index in COLLECTIONS[name].indexes}
    for index in COLLECTIONS[name].indexes:
        assert index.serves
        assert there[index.name].get("unique", False) is index.unique


def test_a_drift_is_found_and_mended() -> None:
    database = mongo.database()
    database["messages"].drop_index("conversation_id_1_seq_1")
    database["notifications"].drop_index("expires_at_1")
    database["notifications"].create_index([("expires_at", 1)], name="expires_at_1", expireAfterSeconds=60)
    database["memberships"].create_index([("role", 1)], name="role_1")
    database.command("collMod", "conversations", validator={}, validationAction="warn")
    database.drop_collection("epochs")
    said = StringIO()
    with pytest.raises(CommandError, match="5 differences"):
        call_command("syncmongo", check=True, stdout=said)
    for part in (
        "messages.conversation_id_1_seq_1 is missing",
        "notifications.expires_at_1 differs",
        "epochs is missing",
    ):
        assert part in said.getvalue()
    assert "memberships.role_1 is not declared" in said.getvalue()
    assert "validator of conversations differs" in said.getvalue()
    call_command("syncmongo", stdout=StringIO())
    call_command("syncmongo", check=True, stdout=StringIO())
    with pytest.raises(WriteError):
        database["conversations"].insert_one({"type": "group"})
