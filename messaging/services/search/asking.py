"""What a query means for the person who asks: whom, where and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy
from accounts.services import people
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.documents import Conversation
from messaging.repositories.lookups import Span
from messaging.search import query, words
from messaging.search.needles import Needle
from messaging.search.query import KINDS, Filter, Query

ME = "me"
NAMESAKES = 50  # people who may be meant by one name


@dataclass(frozen=True)
class Chip:
    """A filter as it was understood. `problem` says why it is not, and then it does nothing, or finds nothing."""

    key: str
    value: str
    rest: str
    problem: str = ""


@dataclass(frozen=True)
class Asked:
    """A search. `senders` None: whoever wrote it. `mine` are all conversations that may be looked into, `where` those
    that are. Messages of those who are `away` are left out: the person blocks them."""

    me: UserId
    query: Query
    chips: Sequence[Chip]
    mine: Mapping[ObjectId, Conversation]
    where: Sequence[ObjectId]
    senders: frozenset[UserId] | None
    kinds: frozenset[str]
    span: Span
    away: frozenset[UserId]

    @property
    def needles(self) -> Sequence[Needle]:
        return self.query.needles

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for yet."""
        narrowed = any(not chip.problem or (chip.value and chip.key in ("from", "in")) for chip in self.chips)
        return not self.needles and not narrowed

    @property
    def hopeless(self) -> bool:
        """Whether nobody or nothing is called as the filters say."""
        return self.senders == frozenset() or not self.where


def ask(me: UserId, text: str) -> Asked:
    """Reads a query. Never refuses one: what is not understood is a chip with a problem."""
    found, mine = query.parse(text), access.conversations_of(me)
    senders, where = _senders(me, found), _places(me, found, mine)
    kinds = frozenset(one for one in found.values("has") if one in KINDS)
    return Asked(
        me=me,
        query=found,
        chips=[_chip(one, senders, where) for one in found.filters],
        mine=mine,
        where=[here for here in mine if all(here in among for among in where.values())],
        senders=None if not senders else frozenset.intersection(*senders.values()),
        kinds=kinds,
        span=_span(found),
        away=policy.blocking([me])[me],
    )


def _senders(me: UserId, found: Query) -> dict[str, frozenset[UserId]]:
    return {name: frozenset(_called(me, name)) for name in found.values("from")}


def _called(me: UserId, name: str) -> Iterable[UserId]:
    """Who has this user name; else all whose user name or display name begins so."""
    if name.casefold() == ME:
        return [me]
    exact = people.named([name])
    return exact.values() or [card.id for card in people.search(me, name, NAMESAKES)]


def _places(me: UserId, found: Query, mine: Mapping[ObjectId, Conversation]) -> dict[str, frozenset[ObjectId]]:
    wanted = found.values("in")
    titles = _titles(me, mine) if wanted else {}
    return {name: frozenset(_titled(name, titles)) for name in wanted}


def _titled(name: str, titles: Mapping[ObjectId, Sequence[str]]) -> list[ObjectId]:
    """The conversations of this name or id; else all with a name, or a word in it, that begins so."""
    key = " ".join(words.pieces(name))
    exact = [here for here, called in titles.items() if str(here) == name.lower() or key in called]
    if exact or not key:
        return exact
    return [here for here, called in titles.items() if any(f" {one}".find(f" {key}") >= 0 for one in called)]


def _titles(me: UserId, mine: Mapping[ObjectId, Conversation]) -> dict[ObjectId, list[str]]:
    """What each conversation is called: a private one as the other person, by either name."""
    partners = {here: access.partner(one, me) for here, one in mine.items()}
    cards = people.cards({one for one in partners.values() if one})
    called = {
        here: [cards[other].username, cards[other].display_name] if (other := partners[here]) else [one.name or ""]
        for here, one in mine.items()
    }
    return {here: [" ".join(words.pieces(name)) for name in names] for here, names in called.items()}


def _span(found: Query) -> Span:
    since = [_midnight(one) for one in found.values("after") if query.day(one)]
    until = [_midnight(one) for one in found.values("before") if query.day(one)]
    return Span(max(since, default=None), min(until, default=None))


def _midnight(text: str) -> datetime:
    day = query.day(text)
    assert day is not None
    return timezone.make_aware(datetime.combine(day, time.min))


def _chip(one: Filter, senders: Mapping[str, frozenset[UserId]], where: Mapping[str, frozenset[ObjectId]]) -> Chip:
    return Chip(one.key, one.value, one.rest, _problem(one, senders, where) if one.value else _("Go on typing."))


def _problem(one: Filter, senders: Mapping[str, frozenset[UserId]], where: Mapping[str, frozenset[ObjectId]]) -> str:
    if one.key == "from" and not senders[one.value]:
        return _("Nobody is called so.")
    if one.key == "in" and not where[one.value]:
        return _("None of your conversations is called so.")
    if one.key == "has" and one.value not in KINDS:
        return _("It can be a link, a file or an image.")
    if one.key in ("before", "after") and query.day(one.value) is None:
        return _("Write a date like 2026-01-31.")
    return ""
