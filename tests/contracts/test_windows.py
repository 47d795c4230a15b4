"""The admin's windows show exactly the fields that the documents have, and read what the repositories write."""

from __future__ import annotations

from types import ModuleType

import pytest

from chatsite.mongo.spec import Collection
from chatsite.mongo.windows.models import Window
from messaging import schema as messaging_schema
from messaging import windows as messaging_windows
from notifications import schema as notifications_schema
from notifications import windows as notifications_windows

ROOMS = [(messaging_schema, messaging_windows), (notifications_schema, notifications_windows)]
UNSEEN = {"epochs", "search_blocks"}  # nothing for the staff to see, and what is made from the messages
UNSEEN |= {"scheduled_messages", "saved_messages"}  # what people have not said yet, and keep for themselves
UNSEEN |= {"link_cards"}  # what pages said of themselves


def windows_of(room: ModuleType) -> dict[str, type[Window]]:
    found = [
        one for one in vars(room).values() if isinstance(one, type) and issubclass(one, Window) and one is not Window
    ]
    return {one._meta.db_table: one for one in found}


PAIRS = [
    (collection, windows_of(windows)[collection.name])
    for schema, windows in ROOMS
    for collection in schema.COLLECTIONS
    if collection.name not in UNSEEN
]


def test_every_collection_has_its_window() -> None:
    assert {collection.name for collection, _window in PAIRS} >= {
        "conversations",
        "memberships",
        "messages",
        "message_changes",
        "notifications",
        "notification_preferences",
    }


@pytest.mark.parametrize(("collection", "window"), PAIRS, ids=[one.name for one, _window in PAIRS])
def test_a_window_has_the_fields_of_the_document(collection: Collection, window: type[Window]) -> None:
    shown = {field.column for field in window._meta.concrete_fields}
    assert shown == set(collection.document.__struct_encode_fields__)
    assert not window._meta.managed


@pytest.mark.parametrize(("collection", "window"), PAIRS, ids=[one.name for one, _window in PAIRS])
def test_what_a_document_may_lack_the_window_may_lack(collection: Collection, window: type[Window]) -> None:
    required = set(collection.validator["$jsonSchema"]["required"])
    nullable = {field.column for field in window._meta.concrete_fields if field.null}
    assert nullable.isdisjoint(required)
    assert nullable | required == set(collection.document.__struct_encode_fields__)
