"""Sessions of browsers in cache and PostgreSQL (settings.SESSION_ENGINE): losing Redis must not lose log-ins."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import cached_db

from chatsite.postgres.scope import as_auth


class SessionStore(cached_db.SessionStore):
    """Django's. Only who finds out who somebody is gets at the table."""

    @as_auth()
    def _get_session_from_db(self) -> Any:
        return super()._get_session_from_db()  # type: ignore[misc]

    @as_auth()
    def exists(self, session_key: str) -> bool:
        return bool(super().exists(session_key))

    @as_auth()
    def save(self, must_create: bool = False) -> None:
        super().save(must_create)

    @as_auth()
    def delete(self, session_key: str | None = None) -> None:
        super().delete(session_key)

    @classmethod
    @as_auth()
    def clear_expired(cls) -> None:
        super().clear_expired()
