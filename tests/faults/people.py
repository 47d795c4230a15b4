"""Makes the people, sessions and conversations of a test, through the services that people use.

Run as `python -m tests.faults.people` with a site's variables: reads Needs as JSON from its input, prints Prepared.
"""

from __future__ import annotations

import asyncio
import sys

import django
import msgspec

from tests.faults.needs import Needs, Person, Prepared

django.setup()

from accounts.models import User  # noqa: E402  (models need the line above)
from accounts.services import registration, tokens  # noqa: E402
from chatsite.management.bench import sessions  # noqa: E402
from chatsite.postgres.scope import as_auth  # noqa: E402
from chatsite.realtime.hub import hub  # noqa: E402
from chatsite.types import UserId  # noqa: E402
from messaging.services import conversations, requests  # noqa: E402


def prepare(needs: Needs) -> Prepared:
    """Everything that `needs` names, new."""
    with as_auth():
        taken = User.objects.count()
    people = [_person(taken + number) for number in range(needs.people)]
    groups = []
    for number, who in enumerate(needs.groups):
        owner, *others = (UserId(people[one].id) for one in who)
        groups.append(str(conversations.create_group(owner, f"Room {number}", others).id))
    ids = [UserId(one.id) for one in people]
    pairs = [_pair(ids[one], ids[other]) for one, other in needs.pairs]
    return Prepared(people=people, groups=groups, pairs=pairs)


def _pair(one: UserId, other: UserId) -> str:
    """A private conversation to which both have said yes."""
    here = conversations.start_private(one, other)[0].id
    requests.accept(other, here)
    return str(here)


def _person(number: int) -> Person:
    name = f"person{number}"
    user = registration.complete(User.objects.create_user(name, f"{name}@example.org"))
    return Person(user.chat_id, name, sessions.signed_in(user), tokens.issue(user).access)


async def main() -> None:
    """With the hub on its loop, as in a web process: events that nobody hears then cost nothing."""
    hub.attach()
    needs = msgspec.json.decode(sys.stdin.buffer.read(), type=Needs)
    prepared = await asyncio.to_thread(prepare, needs)
    sys.stdout.buffer.write(msgspec.json.encode(prepared))


if __name__ == "__main__":
    asyncio.run(main())
