from __future__ import annotations

from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation

from chatsite import mongo


class DatabaseCreation(BaseDatabaseCreation):
    """Under test the windows look at the database the repositories write to: it is made and dropped elsewhere."""

    def create_test_db(  # type: ignore[override]
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool = True, keepdb: bool = False
    ) -> str:
        name = mongo.database().name
        settings.DATABASES[self.connection.alias]["NAME"] = self.connection.settings_dict["NAME"] = name
        return name

    def destroy_test_db(
        self,
        old_database_name: str | None = None,
        verbosity: int = 1,
        keepdb: bool = False,
        suffix: str | None = None,
    ) -> None:
        self.connection.close_pool()  # type: ignore[attr-defined]
