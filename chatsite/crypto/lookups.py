"""Finding sealed values: what is looked for is sealed under each key of the ring, and any of these may stand there."""

from __future__ import annotations

from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact, In, Lookup
from django.db.models.sql.compiler import SQLCompiler


class _ByValue(Lookup):
    """Two columns, even equal ones, are sealed differently: only values can be compared with."""

    def get_prep_lookup(self) -> Any:
        if not self.rhs_is_direct_value():
            raise NotSupportedError("A sealed column can be compared with values only, not with other columns.")
        return super().get_prep_lookup()


class SealedExact(_ByValue, Exact):
    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, parameters = compiler.compile(self.lhs)  # as it is: process_lhs would turn it to upper case for iexact
        sealed = self.lhs.output_field.as_sealed(self.rhs)
        return f"{column} IN ({', '.join(['%s'] * len(sealed))})", (*parameters, *sealed)


class SealedIExact(SealedExact):
    """For fields that know one letter case only."""

    lookup_name = "iexact"


class SealedIn(_ByValue, In):
    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", tuple(sealed for one in value for sealed in self.lhs.output_field.as_sealed(one))
