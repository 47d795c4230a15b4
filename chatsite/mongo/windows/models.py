from __future__ import annotations

from typing import Any

from django.db import models
from django_mongodb_backend.fields import ArrayField, ObjectIdAutoField, ObjectIdField

__all__ = ["ArrayField", "BsonField", "ObjectIdField", "Window"]


class BsonField(models.Field):  # type: ignore[type-arg]
    """An embedded document or array as MongoDB returns it: dicts, lists, datetimes. To be shown, not to be searched."""

    def db_type(self, connection: Any) -> str:
        return "object"


class Window(models.Model):
    """A collection seen by the admin. Subclasses name the collection and its fields; there is no way to write."""

    id = ObjectIdAutoField(primary_key=True)

    class Meta:
        abstract = True
        managed = False
        required_db_vendor = "mongodb"
        default_permissions = ("view",)
