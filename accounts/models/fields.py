from __future__ import annotations

import ipaddress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Lower
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from chatsite.crypto.fields import Findable, StandIn
from chatsite.crypto.lookups import SealedIExact
from chatsite.postgres import policies, scope

ADDRESS_MAX = 160
"""Bytes of an e-mail address, in UTF-8. Sealed, 160 take 247 characters; the columns have 255 in `users`, as the plan
says, and 254 in allauth's table."""


class Now(models.Func):
    """now(), the time the transaction began, as the database plan has it. Django's own Now is another clock."""

    template = "now()"
    output_field = models.DateTimeField()


class WithheldField(models.CharField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A secret: roles that may not read the column get None in its place, wherever Django selects it unasked. Writing
    that back fails, as the column takes no NULL."""

    def deconstruct(self) -> Any:
        name, _path, positional, options = super().deconstruct()
        return name, "django.db.models.CharField", positional, options

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:
        asking = scope.current()
        if asking is None or policies.may_read(asking.role, self.model._meta.db_table, self.column):
            return sql, params
        return "NULL", ()


class JsonType(models.Func):
    """What kind of thing a JSON value is, in PostgreSQL's words: "boolean", "string", "number" …"""

    function = "jsonb_typeof"
    output_field = models.TextField()


def short_enough(address: str) -> None:
    """Raises ValidationError when an address is too long to be kept."""
    if len(address.encode("utf-8", "surrogatepass")) > ADDRESS_MAX:
        words = _("This address is too long: at most %(most)d characters, and letters with accents count as two.")
        raise ValidationError(words, code="max_length", params={"most": ADDRESS_MAX})


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


class SealedEmailField(Findable, LowercaseEmailField):
    """An e-mail address that the database knows only sealed. `max_length` is the column's."""

    allowed = (*Findable.allowed, "iexact")
    default_validators = [validate_email, short_enough]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators.remove(MaxLengthValidator(self.max_length))

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return f"varchar({self.max_length})"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": ADDRESS_MAX, **kwargs})


SealedEmailField.register_lookup(SealedIExact)


class NetworkField(StandIn, models.GenericIPAddressField):  # type: ignore[type-arg]
    """The network that somebody came from, in the place of an address: what is left of it cannot tell a person."""

    class Truncating(DeferredAttribute):
        """Also what was just assigned is the network: the address is nowhere to be had."""

        def __set__(self, instance: models.Model, value: Any) -> None:
            instance.__dict__[self.field.attname] = network(value)

    descriptor_class = Truncating

    def get_prep_value(self, value: Any) -> Any:
        return network(super().get_prep_value(value))


def network(address: Any) -> Any:
    """An IPv4 address without its last 8 bits, an IPv6 address without its last 80; anything else as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    kept = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, kept), strict=False).network_address)


def search_key(column: str) -> models.GeneratedField:
    """The lower-case form of a name, kept by the database, in byte order.

    In byte order a prefix is a range. Comparing with a range, other than LIKE or lower(), may use an index also under
    row-level security, because it is leakproof (SECURITY.md 1.1).
    """
    return models.GeneratedField(
        expression=Lower(column), output_field=models.TextField(db_collation="C"), db_persist=True
    )
