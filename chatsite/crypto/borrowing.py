"""Puts a sealed field in the place of one that a library declares, without its migrations noticing."""

from __future__ import annotations

from django.db import models

from chatsite.crypto.fields import StandIn


def borrow(model: type[models.Model], name: str, kind: type[StandIn]) -> None:
    """Makes the field `name` of `model` one of `kind`, with the options it had. To migrations it stays what it was, so
    they see no change; a column that is too narrow has to be widened in SQL. To be called while the apps get ready,
    before anything is read."""
    old = model._meta.get_field(name)
    assert isinstance(old, models.Field)
    _, path, args, kwargs = old.deconstruct()
    new = kind(*args, **kwargs)
    new.stands_for = path
    new.creation_counter = old.creation_counter  # its place among the columns
    model._meta.local_fields.remove(old)
    if old.primary_key:
        model._meta.pk = None
    new.contribute_to_class(model, name)
