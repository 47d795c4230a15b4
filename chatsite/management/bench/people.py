"""Makes the accounts, sessions and conversations of a scenario.

In bulk: what matters is what is stored, and that it is what the services store. Run as
`python -m chatsite.management.bench.people`: reads Needs as JSON from its input, prints Prepared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import django
import msgspec
from django.db import transaction
from msgspec.structs import replace

from chatsite.clock import now
from chatsite.management.bench.job import Needs, Prepared

django.setup()

from accounts.models import User  # noqa: E402  (models need the line above)
from accounts.services import importing  # noqa: E402
from chatsite.management.bench import archive, crowd, sessions  # noqa: E402
from chatsite.postgres.scope import as_auth  # noqa: E402
from chatsite.types import ObjectId, UserId  # noqa: E402
from messaging.documents import Conversation, Kind, Membership, Role  # noqa: E402
from messaging.repositories import blocks, changes, conversations  # noqa: E402

BATCH = 10_000  # people made at once
AT_ONCE = 8  # conversations: each waits for the journal


def prepare(needs: Needs) -> Prepared:
    """Everything that `needs` names, new."""
    start = time.monotonic()
    people = _people(needs.people)
    ids = [one.chat_id for one in people]
    keys = _sessions(people)
    _crowd(needs.crowd)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        groups = list(pool.map(_group, ([ids[one] for one in who] for who in needs.groups)))
        pairs = list(pool.map(_pair, ((ids[one], ids[other]) for one, other in needs.pairs)))
    for here, (one, other) in zip(pairs, needs.pairs, strict=True):
        archive.fill(here, (ids[one], ids[other]), needs.archive)
        if needs.searched:
            sum(blocks.bring_up(here))
    taken = time.monotonic() - start
    return Prepared(sessions=keys, groups=[*map(str, groups)], pairs=[*map(str, pairs)], seconds=taken)


def _people(count: int) -> list[User]:
    with as_auth():
        taken = User.objects.count()
    names = [f"bench{taken + number}" for number in range(count)]
    return importing.carry_out([importing.Row(0, name, f"{name}@example.org", "", "") for name in names])


def _crowd(count: int) -> None:
    """Those of so many who are not there yet: an earlier scenario may have made some."""
    with as_auth():
        there = User.objects.filter(username__startswith=crowd.USERNAME).count()
    for first in range(there, count, BATCH):
        rows = [_one_of_many(number) for number in range(first, min(first + BATCH, count))]
        importing.carry_out(rows)


def _one_of_many(number: int) -> importing.Row:
    name = f"{crowd.USERNAME}{number}"
    return importing.Row(0, name, f"{name}@example.org", crowd.display_name(number), "")


@transaction.atomic
def _sessions(people: Sequence[User]) -> list[str]:
    return [sessions.signed_in(one) for one in people]


def _group(people: Sequence[UserId]) -> ObjectId:
    """A group of the first one's with the others in it, without looking at each of them and telling them."""
    owner, *others = people
    fresh = _conversation("group", people)
    group = replace(fresh, name="Room", last_message_at=fresh.created_at)
    seats = [_seat(group, owner, "owner"), *(_seat(group, one) for one in others)]
    changes.record(group.id, "created", owner, lambda session: conversations.insert(session, group, seats))
    return group.id


def _pair(both: Sequence[UserId]) -> ObjectId:
    pair = ":".join(sorted(both))
    fresh = replace(_conversation("private", sorted(both)), pair=pair)
    return conversations.open_private(pair, fresh, [_seat(fresh, one) for one in both])[0].id


def _conversation(kind: Kind, people: Sequence[UserId]) -> Conversation:
    moment = now()
    return Conversation(
        id=ObjectId(),
        type=kind,
        participants=[str(one) for one in people],
        created_by=people[0],
        created_at=moment,
        updated_at=moment,
    )


def _seat(here: Conversation, who: UserId, role: Role = "member") -> Membership:
    return Membership(id=ObjectId(), conversation_id=here.id, user_id=who, role=role, joined_at=now())


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Needs)
    sys.stdout.buffer.write(msgspec.json.encode(prepare(asked)))
