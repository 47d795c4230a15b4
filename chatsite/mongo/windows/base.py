from __future__ import annotations

from typing import Any

from bson.codec_options import CodecOptions
from django_mongodb_backend.base import DatabaseWrapper as MongoWrapper
from django_mongodb_backend.features import DatabaseFeatures as MongoFeatures
from django_mongodb_backend.operations import DatabaseOperations as MongoOperations

from chatsite import mongo
from chatsite.mongo.windows.creation import DatabaseCreation


class DatabaseFeatures(MongoFeatures):  # type: ignore[misc]
    # Through a window nothing is written, so every transaction holds trivially. Saying so spares tests the slow path
    # that flushes all databases after each test.
    supports_transactions = True


class DatabaseOperations(MongoOperations):  # type: ignore[misc]
    compiler_module = "chatsite.mongo.windows.compiler"


class DatabaseWrapper(MongoWrapper):  # type: ignore[misc]
    """The backend of MongoDB's makers, on this process's one client instead of a second pool, and without writes."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    creation_class = DatabaseCreation

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        return mongo.client()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        # The backend makes datetimes aware itself and refuses those that already are.
        self.database = mongo.client().get_database(mongo.database().name, codec_options=CodecOptions(tz_aware=False))

    def close_pool(self) -> None:
        """Let go of the client without closing it: the repositories use it too."""
        self.connection = None
        self.__dict__.pop("database", None)
