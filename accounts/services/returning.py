"""Between the proof of who one is and the answer whether one comes back: kept in the session, for some minutes."""

from __future__ import annotations

import time

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Departure, User
from accounts.services import departures
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId

KEY = "returning"
PATIENCE = 10 * 60  # seconds to answer in


def remember(session: SessionBase, user: User) -> None:
    """They have just proved to be this person, who left."""
    session[KEY] = [user.chat_id, time.time()]


@as_auth()
def who(session: SessionBase) -> Departure | None:
    """The departure of who is being asked; None where nobody is, or it is too late."""
    user, at = session.get(KEY) or ("", 0.0)
    person = User.objects.filter(pk=user).first() if user and time.time() - at < PATIENCE else None
    return departures.of(person) if person else None


@as_auth()
def answer_yes(session: SessionBase) -> User | None:
    """They come back. The person, or None where nobody is being asked any more."""
    departure = who(session)
    session.pop(KEY, None)
    return departures.come_back(UserId(str(departure.user_id))) if departure else None
