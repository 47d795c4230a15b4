from __future__ import annotations

from typing import Any

from django.db.models import Model

ALIAS = "documents"


def _is_window(model: type[Model]) -> bool:
    return model._meta.required_db_vendor == "mongodb"


class WindowRouter:
    """Sends windows to MongoDB and everything else to PostgreSQL; migrates nothing in MongoDB (`syncmongo` does)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return ALIAS if _is_window(model) else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return ALIAS if _is_window(model) else None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        return False if db == ALIAS else None
