"""Documents to and from what pymongo reads and writes."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec
from bson import encode
from bson.raw_bson import RawBSONDocument

D = TypeVar("D", bound=msgspec.Struct)


@cache
def _names(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))


def to_bson(value: Any) -> Any:
    """A struct as a plain dict, its lists and parts too; fields that are None are left out."""
    if isinstance(value, msgspec.Struct):
        pairs = ((stored, getattr(value, name)) for name, stored in _names(type(value)))
        return {stored: to_bson(one) for stored, one in pairs if one is not None}
    if isinstance(value, list | tuple):
        return [to_bson(one) for one in value]
    return value


def from_bson(kind: type[D], document: dict[str, Any]) -> D:
    """The struct for a stored document. Raises msgspec.ValidationError when the document is not of this shape."""
    return msgspec.convert(document, kind)


def all_from_bson(kind: type[D], documents: list[dict[str, Any]]) -> list[D]:
    """As `from_bson`, for a page of them at once."""
    return msgspec.convert(documents, list[kind])  # type: ignore[valid-type]


def encoded(document: dict[str, Any]) -> RawBSONDocument:
    """A document encoded once, to be part of many others."""
    return RawBSONDocument(encode(document))
