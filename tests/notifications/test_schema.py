"""The server itself refuses wrong notifications, and deletes those past their time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pymongo.errors import WriteError

from chatsite import mongo
from chatsite.clock import now
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId, UserId
from notifications.documents import KEEP, Notification, NotificationPreference, RelatedTo
from notifications.repositories import notifications

pytestmark = pytest.mark.mongo


def notification(**fields: Any) -> Notification:
    values: dict[str, Any] = {
        "id": ObjectId(),
        "user_id": str(uuid4()),
        "type": "system",
        "content": {"text": "hello"},
        "related_to": RelatedTo(type="system", id=str(ObjectId())),
        "created_at": now(),
        "expires_at": now() + KEEP,
    }
    return Notification(**values | fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "gossip"},
        {"user_id": "ada"},
        {"content": "hello"},
        {"is_read": "no"},
        {"related_to": {"type": "system"}},
        {"expires_at": None},
        {"created_at": "today"},
        {"extra": 1},
    ],
)
def test_a_wrong_notification_is_refused(mongo_collections: None, wrong: dict[str, Any]) -> None:
    collection = mongo.database()["notifications"]
    collection.insert_one(to_bson(notification()))
    with pytest.raises(WriteError):
        collection.insert_one({**to_bson(notification()), **wrong})


@pytest.mark.parametrize(
    "wrong",
    [{"channels": {"in_app": True}}, {"types": {"message": 1}}, {"channels": {"fax": True}}, {"user_id": None}],
)
def test_a_wrong_preference_is_refused(mongo_collections: None, wrong: dict[str, Any]) -> None:
    collection = mongo.database()["notification_preferences"]
    right = to_bson(NotificationPreference(id=ObjectId(), user_id=str(uuid4()), updated_at=now()))
    collection.insert_one(right)
    with pytest.raises(WriteError):
        collection.insert_one({**right, "_id": ObjectId(), "user_id": str(uuid4()), **wrong})


def test_the_server_forgets_by_itself(mongo_collections: None) -> None:
    index = mongo.database()["notifications"].index_information()["expires_at_1"]
    assert index["expireAfterSeconds"] == 0


def test_the_same_thing_is_told_once_while_unread(mongo_collections: None) -> None:
    first = notification()
    same = notification(user_id=first.user_id, related_to=first.related_to)
    other = notification(user_id=first.user_id)
    assert notifications.insert([first]) == [first]
    assert notifications.insert([same, other]) == [other]
    notifications.mark_read(UserId(first.user_id))
    assert notifications.insert([same]) == [same]


def test_two_processes_that_tell_at_once_make_one(mongo_collections: None, monkeypatch: pytest.MonkeyPatch) -> None:
    user, here = str(uuid4()), str(ObjectId())

    def news(seq: int, count: int) -> Notification:
        content = {"conversation_id": here, "sender_id": user, "preview": f"{seq}", "seq": seq, "count": count}
        about = RelatedTo(type="message", id=str(ObjectId()))
        return notification(user_id=user, type="message", content=content, related_to=about)

    # Both in one unordered write: the second insert meets the unique index as that of another process would.
    notifications.follow([news(1, 1), news(2, 3)])
    (found,) = notifications.page(UserId(user), None, 10)
    assert (found.content["count"], found.content["seq"]) == (4, 2)
    notifications.follow([news(1, 1)])  # an older one that comes late
    (found,) = notifications.page(UserId(user), None, 10)
    assert (found.content["count"], found.content["seq"]) == (5, 2)


def test_pages_go_on_between_two_of_the_same_millisecond(mongo_collections: None) -> None:
    user, at = str(uuid4()), now()
    notifications.insert([notification(user_id=user, created_at=at) for _ in range(5)])
    notifications.insert([notification(user_id=user, created_at=at - timedelta(seconds=1))])
    seen: list[Notification] = []
    while page := notifications.page(UserId(user), (seen[-1].created_at, seen[-1].id) if seen else None, 2):
        seen += page
    assert len({one.id for one in seen}) == len(seen) == 6


def test_every_query_has_its_index(mongo_collections: None) -> None:
    collection, user = mongo.database()["notifications"], str(uuid4())
    for asked in (
        {"user_id": user, "is_read": False},
        {"user_id": {"$in": [user]}, "content.conversation_id": {"$in": ["x"]}, "type": "message", "is_read": False},
        {"user_id": user, "is_read": False, "related_to.type": "system", "related_to.id": "x"},
    ):
        assert "COLLSCAN" not in str(collection.find(asked).explain()["queryPlanner"]["winningPlan"]), asked
    plan = str(collection.find({"user_id": user}, sort=[("created_at", -1), ("_id", -1)]).explain()["queryPlanner"])
    assert "COLLSCAN" not in plan
    assert "'SORT'" not in plan
