"""Windows read from MongoDB through Django, and never write."""

from __future__ import annotations

import threading

import pytest
from django.db import NotSupportedError, connections, router
from django.db.utils import ConnectionHandler

from accounts.models import User
from chatsite import mongo
from chatsite.mongo.windows.router import ALIAS
from messaging import windows
from messaging.services import conversations
from tests.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", ALIAS])


@pytest.fixture
def group(cast: Cast) -> windows.Conversation:
    conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id])
    return windows.Conversation.objects.get(name="Garden")


def test_a_window_shows_what_the_repositories_wrote(cast: Cast, group: windows.Conversation) -> None:
    assert group.participants == [cast.ada.chat_id, cast.ben.chat_id]
    assert group.created_at.tzinfo is not None
    assert windows.Membership.objects.filter(conversation_id=group.id, role="owner").count() == 1


def test_nothing_is_written_through_a_window(group: windows.Conversation) -> None:
    stored = mongo.database()["conversations"].find_one({"_id": group.id})
    group.name = "Changed"
    for write in (
        group.save,
        group.delete,
        lambda: windows.Conversation.objects.update(name="Changed"),
        lambda: windows.Conversation.objects.all().delete(),
        lambda: windows.Conversation.objects.create(name="New"),
        lambda: windows.Conversation.objects.bulk_create([windows.Conversation(name="New")]),
    ):
        with pytest.raises(NotSupportedError):
            write()
    assert mongo.database()["conversations"].find_one({"_id": group.id}) == stored
    assert mongo.database()["conversations"].count_documents({}) == 1


def test_the_router_keeps_the_databases_apart() -> None:
    assert router.db_for_read(windows.Message) == router.db_for_write(windows.Message) == ALIAS
    assert router.db_for_read(User) == router.db_for_write(User) == "default"
    assert not router.allow_migrate_model(ALIAS, User)
    assert not router.allow_migrate_model(ALIAS, windows.Message)
    assert router.allow_migrate_model("default", User)


def test_tests_make_no_tables_in_mongodb(group: windows.Conversation) -> None:
    names = set(mongo.database().list_collection_names())
    assert {"conversations", "messages"} <= names
    assert not names & {"django_migrations", "users", "django_content_type"}


def test_windows_share_the_client_of_the_repositories(group: windows.Conversation) -> None:
    connections[ALIAS].ensure_connection()
    assert connections[ALIAS].connection is mongo.client()
    connections[ALIAS].close()
    assert mongo.answers()


def test_another_thread_has_its_own_connection_to_the_same_client(group: windows.Conversation) -> None:
    found: list[int] = []
    handler: ConnectionHandler = connections

    def read() -> None:
        found.append(windows.Conversation.objects.using(ALIAS).count())
        handler.close_all()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join(10)
    assert found == [1]
