"""Compares the declared collections with the server's, and applies the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from pymongo.database import Database

from chatsite.mongo.spec import Collection, Index


@dataclass(frozen=True)
class Difference:
    """What differs, in words, and what would mend it."""

    text: str
    apply: Callable[[], object]


def declared() -> list[Collection]:
    """The collections of every installed app that has a `schema` module."""
    found: list[Collection] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "schema"):
            found.extend(getattr(import_module(f"{app.name}.schema"), "COLLECTIONS", ()))
    return found


def differences(database: Database[Any], collections: Iterable[Collection]) -> Iterator[Difference]:
    """Each thing the server lacks or has otherwise than declared. Collections that are not declared are left alone."""
    stored = {one["name"]: one.get("options", {}) for one in database.list_collections()}
    for wanted in collections:
        if wanted.name not in stored:
            yield Difference(f"collection {wanted.name} is missing", _creation(database, wanted))
            continue
        if not _same_rules(stored[wanted.name], wanted):
            yield Difference(f"validator of {wanted.name} differs", _revalidation(database, wanted))
        yield from _index_differences(database, wanted)


def apply(database: Database[Any], collections: Iterable[Collection]) -> list[str]:
    """Makes the server as declared. Returns what was changed, in words."""
    done = []
    for difference in list(differences(database, collections)):
        difference.apply()
        done.append(difference.text)
    return done


def _same_rules(options: dict[str, Any], wanted: Collection) -> bool:
    rules = (
        options.get("validator"),
        options.get("validationLevel", "strict"),
        options.get("validationAction", "error"),
    )
    return rules == (wanted.validator, "strict", "error")


def _creation(database: Database[Any], wanted: Collection) -> Callable[[], object]:
    def create() -> None:
        database.create_collection(wanted.name, validator=wanted.validator, validationAction="error")
        for index in wanted.indexes:
            _add(database, wanted, index)

    return create


def _revalidation(database: Database[Any], wanted: Collection) -> Callable[[], object]:
    rules = {"validator": wanted.validator, "validationLevel": "strict", "validationAction": "error"}
    return lambda: database.command({"collMod": wanted.name, **rules})


def _index_differences(database: Database[Any], wanted: Collection) -> Iterator[Difference]:
    there = {name: one for name, one in database[wanted.name].index_information().items() if name != "_id_"}
    for index in wanted.indexes:
        stored = there.pop(index.name, None)
        if stored is None:
            yield Difference(f"index {wanted.name}.{index.name} is missing", partial(_add, database, wanted, index))
        elif not _same_index(stored, index):
            yield Difference(f"index {wanted.name}.{index.name} differs", partial(_replace, database, wanted, index))
    for name in there:
        drop = partial(database[wanted.name].drop_index, name)
        yield Difference(f"index {wanted.name}.{name} is not declared", drop)


def _same_index(stored: dict[str, Any], index: Index) -> bool:
    options = {name: value for name, value in stored.items() if name not in ("v", "key", "background", "ns")}
    return [tuple(key) for key in stored["key"]] == list(index.keys) and options == index.options


def _add(database: Database[Any], wanted: Collection, index: Index) -> None:
    database[wanted.name].create_index(list(index.keys), name=index.name, **index.options)


def _replace(database: Database[Any], wanted: Collection, index: Index) -> None:
    database[wanted.name].drop_index(index.name)
    _add(database, wanted, index)
