"""A collection as data: its document, its indexes, and the `$jsonSchema` validator that follows from the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import inspect

from chatsite.types import ObjectId


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A MongoDB document as a value. A field that is None is left out of the stored document."""

    id: ObjectId = msgspec.field(name="_id")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value embedded in a document."""


def written_as(pattern: str) -> msgspec.Meta:
    """A pattern for text, which MongoDB checks whenever it is written. Trying it again whenever it is read would be
    four fifths of the cost of making a message of it, which has four of them."""
    return msgspec.Meta(extra={"pattern": pattern})


@dataclass(frozen=True)
class Index:
    """One index and the query it serves. `keys` are (field, 1 | -1) pairs; `expire_after` is in seconds."""

    keys: tuple[tuple[str, int], ...]
    serves: str
    unique: bool = False
    only_where: dict[str, Any] | None = None
    expire_after: int | None = None

    @property
    def name(self) -> str:
        return "_".join(f"{key}_{direction}" for key, direction in self.keys)

    @property
    def options(self) -> dict[str, Any]:
        """The options as `create_index` takes them and `list_indexes` gives them back."""
        wanted: dict[str, Any] = {}
        if self.unique:
            wanted["unique"] = True
        if self.only_where is not None:
            wanted["partialFilterExpression"] = self.only_where
        if self.expire_after is not None:
            wanted["expireAfterSeconds"] = self.expire_after
        return wanted


@dataclass(frozen=True)
class Collection:
    """A collection: its name, the struct its documents have, its indexes."""

    name: str
    document: type[Document]
    indexes: tuple[Index, ...] = field(default=())

    @property
    def validator(self) -> dict[str, Any]:
        return {"$jsonSchema": json_schema(self.document)}


def json_schema(document: type[msgspec.Struct]) -> dict[str, Any]:
    """The `$jsonSchema` (MongoDB's dialect, with bsonType) that accepts exactly the documents of this struct."""
    return _schema(inspect.type_info(document))


def _schema(kind: inspect.Type) -> dict[str, Any]:
    if isinstance(kind, inspect.Metadata):
        return {**_schema(kind.type), **(kind.extra or {})}
    if isinstance(kind, inspect.UnionType):
        return _nullable([one for one in kind.types if not isinstance(one, inspect.NoneType)])
    if isinstance(kind, inspect.StructType):
        return {
            "bsonType": "object",
            "additionalProperties": False,
            "required": [one.encode_name for one in kind.fields if not _optional(one.type)],
            "properties": {one.encode_name: _schema(one.type) for one in kind.fields},
        }
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return {"bsonType": "array", "items": _schema(kind.item_type), **_bounds(kind, "minItems", "maxItems")}
    if isinstance(kind, inspect.DictType):
        return {"bsonType": "object", "additionalProperties": _schema(kind.value_type)}
    if isinstance(kind, inspect.LiteralType):
        return {"enum": list(kind.values)}
    if isinstance(kind, inspect.CustomType) and kind.cls is ObjectId:
        return {"bsonType": "objectId"}
    return _scalar(kind)


def _scalar(kind: inspect.Type) -> dict[str, Any]:
    if isinstance(kind, inspect.StrType):
        pattern = {} if kind.pattern is None else {"pattern": kind.pattern}
        return {"bsonType": "string", **_bounds(kind, "minLength", "maxLength"), **pattern}
    if isinstance(kind, inspect.IntType):
        lowest = {} if kind.ge is None else {"minimum": kind.ge}
        return {"bsonType": ["int", "long"], **lowest}
    if isinstance(kind, inspect.BoolType):
        return {"bsonType": "bool"}
    if isinstance(kind, inspect.DateTimeType):
        return {"bsonType": "date"}
    if isinstance(kind, inspect.AnyType):
        return {}
    raise TypeError(f"no $jsonSchema for {kind!r}")


def _nullable(kinds: list[inspect.Type]) -> dict[str, Any]:
    if len(kinds) == 1:
        return _schema(kinds[0])
    return {"anyOf": [_schema(one) for one in kinds]}


def _optional(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.UnionType) and kind.includes_none


def _bounds(kind: Any, least: str, most: str) -> dict[str, int]:
    bounds = {least: kind.min_length, most: kind.max_length}
    return {name: value for name, value in bounds.items() if value is not None}
