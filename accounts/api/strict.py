"""Serializers that take exactly what they declare: no unknown field, no other type, whatever could be read into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

import msgspec
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from accounts.models.texts import ONE_LINE, PARAGRAPHS, TIDY, Refuses, Rule, at_most, line, paragraphs
from chatsite.errors import TooLarge

BODY_MAX = 256 * 1024  # bytes; a message of 10,000 characters, each escaped as a surrogate pair, takes half of it


class StrictParser(BaseParser):
    """JSON in UTF-8, of bounded size. Lone surrogates, endless nesting, NaN are malformed, not an error of ours."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        text = stream.read(BODY_MAX + 1)
        if len(text) > BODY_MAX:
            raise TooLarge(str(_("This is more than a request may hold.")))
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ParseError(_("This is not JSON: %(why)s") % {"why": error}) from error


class Text(serializers.CharField):
    """Text and nothing else: the base class takes numbers and makes text of them."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Line(Text):
    """One line, composed and with single spaces before it is judged; `most`: characters."""

    rules: tuple[Rule, ...] = (ONE_LINE, TIDY)

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(max_length=most, error_messages={"max_length": str(at_most(most))}, **options)
        kept = [
            one for one in self.validators if isinstance(one, MaxLengthValidator)
        ]  # the rules know NUL and the like
        self.validators = [*kept, *(Refuses(*rule) for rule in self.rules)]

    def to_internal_value(self, data: Any) -> str:
        return self.composed(super().to_internal_value(data))

    def composed(self, text: str) -> str:
        return line(text)


class Paragraphs(Line):
    """Text with breaks, composed before it is judged."""

    rules = (PARAGRAPHS,)

    def composed(self, text: str) -> str:
        return paragraphs(text)


class Id(serializers.UUIDField):
    """A UUID as text: the base class takes numbers as well."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not declare."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {str(name): [_("There is no such field.")] for name in data if name not in writable}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)
