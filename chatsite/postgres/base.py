"""Django's backend for PostgreSQL, with the scope of `scope.py` before each statement that needs it said.

The words go to the server together with the statement, as one query: no round trip more. Outside of a transaction the
two are one, so that nothing of a scope is left on a connection that goes back to the pool. Within one, what is set is
known here and compared with what is wanted before each statement.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import ClientCursor, sql

from chatsite.postgres import scope
from chatsite.postgres.scope import Scope

BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")
"""Statements that need no right, and must work in a transaction that has failed."""


class ScopedCursor(base.Cursor, ClientCursor[Any]):
    """A cursor of Django's. Those that psycopg and its pool make for themselves have no `wrapper`, and no scope."""

    wrapper: DatabaseWrapper | None = None
    words = ""
    """What was said together with the last statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        self.words = words = self.wrapper.due(query) if self.wrapper else ""
        if self.wrapper is None or not words:
            return super().execute(query, params, **options)
        said = scope.current()
        whole = words + query if isinstance(query, str) else sql.SQL(words) + query
        super().execute(whole, params, **options)
        self.nextset()  # past the row of the words
        self.wrapper.said(said)
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        if self.wrapper is not None and self.wrapper.due(query):
            self.execute("SELECT 1")  # one after the other they cannot carry the words; in a transaction, this does
            if self.wrapper.due(query):
                raise NotImplementedError("Many statements at once need a transaction.")
        super().executemany(query, params_seq, **options)


class Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """The statement alone, for logs and whoever counts or repeats it."""
        said: str = super().last_executed_query(cursor, sql, params) or ""
        return said.removeprefix(cursor.words)


class DatabaseWrapper(base.DatabaseWrapper):
    """`_said`: what the transaction was last told. None: nothing, it runs as what the process is logged in as."""

    ops_class = Operations
    _said: Scope | None = None
    _certain = True
    """Whether it still holds: going back to a savepoint takes back what was said after it."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": ScopedCursor}

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        if isinstance(cursor, ScopedCursor):
            cursor.wrapper = self
        return cursor

    def chunked_cursor(self) -> Any:
        """An ordinary one: rows are read when the scope in which the server began to send them may be over."""
        return self.cursor()

    def due(self, query: object) -> str:
        """What has to be said before this statement; "" where nothing has."""
        wanted = scope.current()
        if not (self.in_atomic_block or not self.autocommit):
            return scope.words(wanted) if wanted else ""
        if (self._certain and wanted == self._said) or (isinstance(query, str) and query.startswith(BOOKKEEPING)):
            return ""
        return scope.words(wanted)

    def said(self, wanted: Scope | None) -> None:
        """It was said."""
        if self.in_atomic_block or not self.autocommit:
            self._said, self._certain = wanted, True

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._certain = False

    def _commit(self) -> Any:
        return self._ended(super()._commit)  # type: ignore[misc]

    def _rollback(self) -> Any:
        return self._ended(super()._rollback)  # type: ignore[misc]

    def _close(self) -> Any:
        return self._ended(super()._close)  # type: ignore[misc]

    def _ended(self, end: Any) -> Any:
        try:
            return end()
        finally:
            self._said, self._certain = None, True
