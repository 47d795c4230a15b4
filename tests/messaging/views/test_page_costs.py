"""What an open conversation asks of PostgreSQL once it is settled: sessions, cards and rights are remembered."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile
from accounts.models.profile import AVATARS
from accounts.services import people
from chatsite import memory
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

QUERIES, TRANSACTIONS = 6, 1
ENDS = ("COMMIT", "ROLLBACK")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No moment passes: what was found out before the first page would be asked again between it and the second, on a
    machine that is busy."""
    moment = time.monotonic()
    monkeypatch.setattr(memory, "time", SimpleNamespace(monotonic=lambda: moment))


def counted(seen: CaptureQueriesContext) -> tuple[int, int]:
    """Statements but those that begin and end transactions, and transactions: each statement by itself is one."""
    queries, transactions, within = 0, 0, False
    for statement in (str(query["sql"]) for query in seen.captured_queries):
        begins, ends = statement == "BEGIN", statement in ENDS
        queries += not (begins or ends)
        transactions += begins or not (within or ends)
        within = begins or (within and not ends)
    return queries, transactions


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["group", "private"])
def test_a_settled_page_takes_one_transaction(cast: Cast, talks: Talks, enter: Enter, kind: str) -> None:
    Profile.objects.filter(user=cast.ben).update(avatar_url=f"{AVATARS}ben")
    people.forget(cast.ben.chat_id)
    here = getattr(talks, kind)
    for who in (cast.ada, cast.ben) * 3:
        say(who, here)
    client = enter(cast.ada)
    address = f"/c/{here.id}/"
    assert f"{AVATARS}ben" in client.get(address).content.decode()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    queries, transactions = counted(seen)
    assert queries <= QUERIES and transactions <= TRANSACTIONS, [one["sql"] for one in seen.captured_queries]


@pytest.mark.django_db(transaction=True)
def test_settled_history_takes_one_transaction(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.private)
    client = enter(cast.ada)
    address = f"/api/v1/conversations/{talks.private.id}/messages/"
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    queries, transactions = counted(seen)
    assert queries <= QUERIES and transactions <= TRANSACTIONS, [one["sql"] for one in seen.captured_queries]
