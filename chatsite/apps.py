from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

from chatsite.postgres.bootstrap import after_migrations, before_migrations
from chatsite.postgres.schema import ensure_schema


class ChatsiteConfig(AppConfig):
    name = "chatsite"
    verbose_name = "Chat"

    def ready(self) -> None:
        import_module("chatsite.checks")
        import_module("chatsite.crypto.checks")
        import_module("chatsite.postgres.checks")
        pre_migrate.connect(ensure_schema, dispatch_uid="chat_app schema")
        # Once, and not for each app; for one with tables, as others announce nothing. The schema is there by then.
        once = apps.get_app_config("sessions")
        pre_migrate.connect(before_migrations, sender=once, dispatch_uid="chat_app roles")
        post_migrate.connect(after_migrations, sender=once, dispatch_uid="chat_app policies")
