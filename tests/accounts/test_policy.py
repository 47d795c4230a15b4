"""Every rule against every combination of what it depends on: `policy.txt` says what is right, and computes nothing."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, get_args

import pytest

from accounts import policy
from accounts.declared import DECLARED
from accounts.models import Relationship, Setting, User
from accounts.policy import Answer, Block, Facts, Relation
from accounts.services import faces, facts, people, relationships, settings
from chatsite.postgres import absence
from tests.cast import Cast

TABLES = (Path(__file__).parent / "policy.txt").read_text().strip().split("\n\n")
SWITCH = {"on": True, "off": False}
CHOICES = {
    key: ["on", "off"] if declared.choices is None else list(declared.choices) for key, declared in DECLARED.items()
}
DEFAULTS = facts.defaults()


class Case(NamedTuple):
    """A cell of a table."""

    rule: str
    relation: Relation
    block: Block
    who: str
    mine: dict[str, Any]
    theirs: dict[str, Any]
    answer: Answer


class Table:
    """One rule: rows are what two people are to each other, columns their settings, or the block where none counts."""

    def __init__(self, text: str) -> None:
        title, names, *rows = text.splitlines()
        self.rule, _, by = title.partition(", by ")
        self.both = by.startswith("one's own ")
        self.key = by.split()[2] if by else ""
        self.dimensions = [one for one in names.split() if one in ("relation", "block", "who")]
        self.columns = names.split()[len(self.dimensions) :]
        self.rows = [row.split() for row in rows]

    def expected_rows(self) -> set[tuple[str, ...]]:
        values = {"relation": get_args(Relation), "block": get_args(Block), "who": ("member", "staff")}
        return set(itertools.product(*(values[one] for one in self.dimensions)))

    def expected_columns(self) -> list[str]:
        if not self.key:
            return list(get_args(Block))
        values = CHOICES[self.key]
        return [f"{mine}/{theirs}" for mine in values for theirs in values] if self.both else values

    def cases(self) -> Iterator[Case]:
        for row in self.rows:
            place = dict(zip(self.dimensions, row, strict=False))
            for column, answer in zip(self.columns, row[len(self.dimensions) :], strict=True):
                yield self._case(place, column, Answer(answer))

    def _case(self, place: dict[str, str], column: str, answer: Answer) -> Case:
        mine, theirs = dict(DEFAULTS), dict(DEFAULTS)
        if self.key:
            *own, other = column.split("/")
            theirs[self.key] = SWITCH.get(other, other)
            mine.update((self.key, SWITCH.get(one, one)) for one in own)
        block: Any = place.get("block", column)
        relation: Any = place["relation"]
        return Case(self.rule, relation, block, place.get("who", "member"), mine, theirs, answer)


ALL = [Table(text) for text in TABLES]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.rule)
def test_a_rule_says_what_is_written_out_for_it(table: Table) -> None:
    rule: Callable[[Facts], Answer] = getattr(policy, table.rule)
    wrong = [
        case
        for case in table.cases()
        if rule(Facts(case.relation, case.block, case.who == "staff", case.mine, case.theirs)) != case.answer
    ]
    assert not wrong


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.rule)
def test_no_combination_is_left_out_of_a_table(table: Table) -> None:
    place = len(table.dimensions)
    assert {tuple(row[:place]) for row in table.rows} == table.expected_rows()
    assert len(table.rows) == len(table.expected_rows())
    assert table.columns == table.expected_columns()
    assert {len(row) for row in table.rows} == {place + len(table.columns)}


def test_every_rule_has_its_table() -> None:
    rules = {
        name
        for name, one in vars(policy).items()
        if inspect.isfunction(one) and not name.startswith("_") and list(inspect.signature(one).parameters) == ["facts"]
    }
    assert rules == {table.rule for table in ALL}
    assert sum(len(list(table.cases())) for table in ALL) > 600


@pytest.mark.parametrize("table", [one for one in ALL if one.key], ids=lambda table: table.rule)
def test_a_table_depends_on_what_its_columns_say(table: Table) -> None:
    by_column = set(zip(*(row[len(table.dimensions) :] for row in table.rows), strict=True))
    assert len(by_column) > 1


# What the rules are decided from


def said(who: User, whom: User, kind: str, status: str) -> None:
    Relationship.objects.create(user=who, related_user=whom, type=kind, status=status)


@pytest.mark.parametrize(
    ("mine", "theirs", "relation", "block"),
    [
        (None, None, "stranger", "none"),
        (("friend", "pending"), None, "stranger", "none"),
        (("friend", "rejected"), None, "stranger", "none"),
        (None, ("friend", "pending"), "stranger", "none"),
        (("friend", "accepted"), ("friend", "accepted"), "friend", "none"),
        (("blocked", "accepted"), None, "stranger", "mine"),
        (None, ("blocked", "accepted"), "stranger", "theirs"),
        (("friend", "pending"), ("blocked", "accepted"), "stranger", "theirs"),
        (("blocked", "accepted"), ("blocked", "accepted"), "stranger", "both"),
    ],
)
def test_what_two_have_said_about_each_other(
    cast: Cast, mine: tuple[str, str] | None, theirs: tuple[str, str] | None, relation: str, block: str
) -> None:
    for pair, row in (((cast.ada, cast.ben), mine), ((cast.ben, cast.ada), theirs)):
        if row:
            said(*pair, *row)
    found = facts.between(cast.ada.chat_id, cast.ben.chat_id)
    assert (found.relation, found.block) == (relation, block)


def test_the_facts_of_many_are_one_query(cast: Cast, django_assert_num_queries: Callable) -> None:
    ada, ben, cleo, dora, eve = (one.chat_id for one in (cast.ada, cast.ben, cast.cleo, cast.dora, cast.eve))
    relationships.request(ada, ben)
    relationships.accept(ben, ada)
    relationships.block(cleo, ada)
    settings.update(ada, {"last_seen": "friends"})
    settings.update(dora, {"may_message": "friends", "typing": False, "theme": "dark"})
    Setting.objects.create(user=cast.eve, key="may_message", value="carrier pigeons")
    with django_assert_num_queries(1):
        found = facts.of(ada, [ben, cleo, dora, eve])
    assert [(found[one].relation, found[one].block) for one in (ben, cleo, dora, eve)] == [
        ("friend", "none"),
        ("stranger", "theirs"),
        ("stranger", "none"),
        ("stranger", "none"),
    ]
    assert {one.mine["last_seen"] for one in found.values()} == {"friends"}
    assert found[dora].theirs == DEFAULTS | {"may_message": "friends", "typing": False}
    assert found[eve].theirs == found[ben].theirs == DEFAULTS
    assert not found[ben].staff and facts.between(dora, ada).staff
    with django_assert_num_queries(0):
        assert facts.of(ada, []) == {}


def test_sharing_makes_two_people_no_less_than_they_are(cast: Cast) -> None:
    found = facts.between(cast.ada.chat_id, cast.ben.chat_id)
    assert found.sharing("fellow").relation == "fellow"
    assert found.sharing("acquainted").sharing("fellow").relation == "acquainted"


def test_pictures_are_not_shown_across_a_block(cast: Cast) -> None:
    cards = {one.chat_id: people.card(one.chat_id) for one in (cast.ada, cast.ben, cast.cleo)}
    pictured = {one: people.Card(one, card.username, card.display_name, "/face.png") for one, card in cards.items()}
    relationships.block(cast.ben.chat_id, cast.ada.chat_id)
    for viewer, hidden in ((cast.ada, cast.ben), (cast.ben, cast.ada)):
        seen = faces.shown(viewer.chat_id, pictured)
        assert {one for one, card in seen.items() if card.avatar_url is None} == {hidden.chat_id}


def test_whom_one_blocks_is_believed_for_a_moment_and_through_an_outage(
    cast: Cast, django_assert_num_queries: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, cleo = cast.ada.chat_id, cast.cleo.chat_id
    with django_assert_num_queries(1):
        assert policy.blocking([ada, cleo]) == policy.blocking([cleo, ada]) == {ada: frozenset(), cleo: frozenset()}
    relationships.block(ada, cleo)
    assert policy.blocking([ada])[ada] == {cleo}
    monkeypatch.setattr(absence, "_looking", Thread())  # PostgreSQL is away
    with django_assert_num_queries(0):
        assert policy.blocking([ada, cleo], now=True) == {ada: {cleo}, cleo: frozenset()}
