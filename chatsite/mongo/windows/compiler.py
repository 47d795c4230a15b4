"""What a window can ask of MongoDB: reading, in all its forms; every write is refused before it reaches the server."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import NotSupportedError
from django_mongodb_backend import compiler
from django_mongodb_backend.compiler import SQLAggregateCompiler, SQLCompiler

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise NotSupportedError("This is a window: it only reads. Services write through repositories.")


class SQLInsertCompiler(compiler.SQLInsertCompiler):  # type: ignore[misc]
    execute_sql = _refuse


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):  # type: ignore[misc]
    execute_sql = _refuse


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):  # type: ignore[misc]
    execute_sql = _refuse
