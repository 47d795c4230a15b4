"""Model fields that are sealed on their way into PostgreSQL and opened on their way out.

A value that cannot be opened raises SealError where the row is read: nobody ever sees an empty or garbled one.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, NotSupportedError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast

from chatsite.crypto import envelope
from chatsite.crypto.columns import Column
from chatsite.crypto.lookups import SealedExact, SealedIn


class StandIn(models.Field):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A field that may be put in the place of one of a library (borrowing.py); `stands_for` is the path of that one."""

    stands_for: str | None = None

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, self.stands_for or path, args, kwargs

    def clone(self) -> Any:
        copy = super().clone()
        copy.stands_for = self.stands_for
        return copy


class Sealed(StandIn):
    """What the sealed fields share."""

    form = envelope.RANDOM
    allowed: tuple[str, ...] = ("isnull",)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only what ciphertext can answer: Django refuses the others, which would find nothing, ever."""
        return super().get_lookup(lookup_name) if lookup_name in self.allowed else None

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Raises NotSupportedError for an expression that would put there what is not sealed, or for another column:
        `update(email=F("username"))`."""
        if hasattr(value, "as_sql") and not self._seals(value):
            raise NotSupportedError(f"{self.sealed_column} is sealed: it takes values only, none made in the database.")
        return super().get_db_prep_save(value, connection)

    def _seals(self, expression: Any) -> bool:
        """Whether all that this may come to are values of this field, as those of `bulk_update` are."""
        if isinstance(expression, Cast | models.Case):
            return all(map(self._seals, expression.get_source_expressions()))
        if isinstance(expression, models.When):
            return self._seals(expression.result)
        if isinstance(expression, models.Value):
            return expression.value is None or expression.output_field is self
        return False

    @property
    def context(self) -> str:
        """What the values are bound to: the column."""
        return envelope.context(f"{self.model._meta.db_table}.{self.column}")

    @property
    def sealed_column(self) -> Column:
        meta = self.model._meta
        return Column(meta.db_table, str(self.column), str(meta.pk.column), self.form)


class SealedText(Sealed):
    """Of a text."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return value if value is None else self._seal(value)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if value is None else envelope.unseal(value, self.context)

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"  # a cast to varchar would cut a value silently

    def _seal(self, value: str) -> str:
        return envelope.seal(value, self.context)


class SealedTextField(SealedText, models.TextField):  # type: ignore[type-arg]
    """A text that nobody looks for: AES-GCM."""


class Unique(str):
    """A value that was looked for under the other keys, and is in no other row."""

    __slots__ = ()


class Findable(SealedText):
    """A text that is looked for as a whole, and may be unique: AES-SIV. While the ring has several keys, lookups look
    under each of them, and `save` refuses a double under another one. `update` and `bulk_update` cannot ask, and so
    change no unique one meanwhile."""

    form = envelope.DETERMINISTIC
    allowed: tuple[str, ...] = ("isnull", "exact", "in")

    def as_sealed(self, value: str) -> list[str]:
        """How `value` may stand in the column, under the newest key first."""
        return envelope.as_sealed(value, self.context)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if not self._may_double(value):
            return value
        self._refuse_double(model_instance, value)
        return Unique(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Raises NotSupportedError for a unique value of which nobody has asked whether it is there already."""
        if self._may_double(value) and not isinstance(value, Unique):
            words = "is unique, and there are several keys: until `manage.py reencrypt` is done, use save()."
            raise NotSupportedError(f"{self.sealed_column} {words}")
        return super().get_db_prep_save(value, connection)

    def _may_double(self, value: Any) -> bool:
        """Whether the database may hold the same value already without noticing: sealed under another key."""
        unique = self.unique and not self.primary_key and isinstance(value, str)
        return unique and len(self.as_sealed(value)) > 1

    def _refuse_double(self, instance: models.Model, value: str) -> None:
        """The database keeps values unique that are sealed under one key. The same value under another key is a
        different one to it, so while there are several keys we ask. Rows only ever move to the newest key, where the
        database refuses the double, so whenever we ask it is either seen here or refused there."""
        others = type(instance)._base_manager.filter(**{self.attname: value}).exclude(pk=instance.pk)
        if others.exists():
            raise IntegrityError(f"{self.sealed_column} holds this value already, sealed under another key.")

    def _seal(self, value: str) -> str:
        return envelope.seal_deterministically(value, self.context)


Findable.register_lookup(SealedExact)
Findable.register_lookup(SealedIn)


class SealedCharField(Findable, models.CharField):  # type: ignore[type-arg]
    """A short text that is looked for. Its column is `text`: sealed, it is longer than `max_length`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"


class SealedMembersField(Sealed, models.JSONField):
    """A JSON object of which some members are sealed, each by itself; the others stay as they are."""

    members: tuple[str, ...] | None = None
    """Which; None: all."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        sealed = {name: envelope.seal(json.dumps(one), self.context) for name, one in self._members(value).items()}
        return super().get_db_prep_value(value | sealed if sealed else value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        value = super().from_db_value(value, expression, connection)
        opened = {name: json.loads(envelope.unseal(one, self.context)) for name, one in self._members(value).items()}
        return value | opened if opened else value

    @property
    def sealed_column(self) -> Column:
        return super().sealed_column._replace(jsonb=True, members=self.members)

    def _members(self, value: Any) -> dict[str, Any]:
        names = value if self.members is None else self.members
        return {name: value[name] for name in names if name in value} if isinstance(value, dict) else {}
