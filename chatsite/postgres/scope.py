"""On whose behalf PostgreSQL is asked: which role a statement runs under, and for whom.

The processes log in as `chat_web`, which may do nothing. What a statement may do follows from the scope it is made in:

    with acting_as(user_id):     a person: their own rows, and what others let them see
    with as_auth():              finding out who somebody is: log-in, sign-up, tokens, second factors, addresses
    with as_site():              what the chat must know of everybody to keep its rules; reads only
    with as_worker():            queued jobs and housekeeping
    with as_staff(user_id):      the admin

All of them are decorators as well. A scope costs no round trip and holds no connection: it is declared here, and
`base.py` puts role and person before the next statement, for that transaction only. Within a scope another role may be
taken for a while, also inside a transaction, because before each statement what is set is compared with what is wanted;
but nobody becomes somebody else: that raises WrongPerson. Outside of a scope a statement fails ("permission denied").

Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import _GeneratorContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from chatsite.postgres.roles import ADMIN, APP, AUTH, SITE, WEB, WORKER

C = TypeVar("C", bound=Callable[..., Any])


class WrongPerson(RuntimeError):
    """Code that acts for one person was about to act for another one."""


class Scope(NamedTuple):
    """A role of PostgreSQL and the id of a person, "" for nobody."""

    role: str
    user: str = ""


NOBODY = Scope(WEB)
"""What a request or a frame begins with: whatever it is that the process is connected as, it may do nothing."""
PROVING = Scope(AUTH)
_current: ContextVar[Scope | None] = ContextVar("scope", default=None)
_person: ContextVar[str] = ContextVar("person", default="")


def current() -> Scope | None:
    """The scope that statements are made in now."""
    return _current.get()


@lru_cache(maxsize=10_000)
def words(scope: Scope | None) -> str:
    """The statement that makes the rest of a transaction run in this scope; None: as what the process logged in as."""
    role, user = scope or Scope("none")
    return f"SELECT set_config('role', '{role}', true), set_config('chat.user_id', '{user}', true); "


@contextmanager
def within(scope: Scope | None) -> Iterator[None]:
    """Statements are made in this scope."""
    before = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(before)


def declare(scope: Scope) -> None:
    """As `within`, until the end of the `within` around it: for a request, whose person is known only on its way."""
    _allow(scope.user)
    if scope.user:
        _person.set(scope.user)
    _current.set(scope)


@contextmanager
def as_nobody() -> Iterator[None]:
    """What a request, a frame or a job begins with: it may do nothing, and is nobody, whoever it was begun by."""
    person = _person.set("")
    try:
        with within(NOBODY):
            yield
    finally:
        _person.reset(person)


@contextmanager
def acting_as(user: str | UUID) -> Iterator[None]:
    """Statements are this person's. Raises WrongPerson where another one is acting already."""
    scope = person(user)
    _allow(scope.user)
    acting = _person.set(scope.user)
    try:
        with within(scope):
            yield
    finally:
        _person.reset(acting)


def acting(call: C) -> C:
    """Makes a function whose first argument is whom it acts for run in their scope."""

    @wraps(call)
    def scoped(me: str, *args: Any, **kwargs: Any) -> Any:
        with acting_as(me):
            return call(me, *args, **kwargs)

    return cast("C", scoped)


def as_auth() -> _GeneratorContextManager[None]:
    return within(PROVING)


def as_site() -> _GeneratorContextManager[None]:
    return within(Scope(SITE))


def as_worker() -> _GeneratorContextManager[None]:
    return within(Scope(WORKER))


def as_staff(user: str | UUID) -> _GeneratorContextManager[None]:
    """`user`: who of the staff."""
    return within(staff(user))


def person(user: str | UUID) -> Scope:
    return Scope(APP, str(UUID(str(user))))


def staff(user: str | UUID) -> Scope:
    return Scope(ADMIN, str(UUID(str(user))))


def _allow(user: str) -> None:
    before = _person.get()
    if before and user and user != before:
        raise WrongPerson(f"{before} is acting, and cannot become {user}.")
