"""What is unread: where a page opens, what leads there, and how everything is read at once."""

from __future__ import annotations

import re

from django.test import Client

from messaging.services import inbox, receipts
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

PILL = re.compile(r'<a class="pill to-new" href="([^"]+)"( data-unread="(\d+)")?( hidden)?>')


def pill(client: Client, address: str) -> tuple[str, bool]:
    """The number that the way to what is unread says, and whether it is shown."""
    found = PILL.search(client.get(address).content.decode())
    assert found
    return found[3] or "", not found[4]


def unread(cast: Cast) -> list[int]:
    return [one.unread for one in inbox.rows(cast.ada.chat_id)]


def test_a_page_elsewhere_leads_to_what_is_unread(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, times=120)
    receipts.mark(cast.ada.chat_id, talks.group.id, "read", 110)
    client, here = enter(cast.ada), f"/c/{talks.group.id}/"
    assert pill(client, here) == ("", False)
    assert pill(client, f"{here}?around=20") == ("10", True)
    receipts.mark(cast.ada.chat_id, talks.group.id, "read", 120)
    assert pill(client, f"{here}?around=20") == ("", False)


def test_everything_is_read_at_once_without_script(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, times=3)
    say(cast.ben, talks.private)
    assert unread(cast) == [1, 3]
    client = enter(cast.ada)
    assert 'action="/read/"' in client.get("/").content.decode()
    assert client.post("/read/").headers["Location"] == "/"
    assert unread(cast) == [0, 0]
    assert client.get("/read/").status_code == 405
