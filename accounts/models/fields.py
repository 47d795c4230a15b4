from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower


class Now(models.Func):
    """now(), the time the transaction began, as the database plan has it. Django's own Now is another clock."""

    template = "now()"
    output_field = models.DateTimeField()


class JsonType(models.Func):
    """What kind of thing a JSON value is, in PostgreSQL's words: "boolean", "string", "number" …"""

    function = "jsonb_typeof"
    output_field = models.TextField()


class LowercaseEmailField(models.EmailField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """An e-mail address, kept and looked up in lower case whichever way it comes in."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.strip().lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


def search_key(column: str) -> models.GeneratedField:
    """The lower-case form of a name, kept by the database, in byte order.

    In byte order a prefix is a range. Comparing with a range, other than LIKE or lower(), may use an index also under
    row-level security, because it is leakproof (SECURITY.md 1.1).
    """
    return models.GeneratedField(
        expression=Lower(column), output_field=models.TextField(db_collation="C"), db_persist=True
    )
