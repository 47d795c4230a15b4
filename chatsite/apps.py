from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from chatsite.postgres.schema import ensure_schema


class ChatsiteConfig(AppConfig):
    name = "chatsite"
    verbose_name = "Chat"

    def ready(self) -> None:
        import_module("chatsite.checks")
        import_module("chatsite.crypto.checks")
        pre_migrate.connect(ensure_schema, dispatch_uid="chat_app schema")
