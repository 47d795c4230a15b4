"""What Django does not put into the database: cascades, and `updated_at` kept by whoever writes.

The plan asks for ON DELETE CASCADE; Django 5.2 deletes dependants itself and leaves plain foreign keys behind. The keys
of the plan's tables are replaced, and those of Django's and allauth's tables that would otherwise keep a row of
`users` from being deleted in SQL.
"""

from django.db import migrations

from chatsite.postgres.foreign_keys import ForeignKey, on_delete

FOREIGN_KEYS = [
    ForeignKey("profiles", "user_id", "users", "CASCADE"),
    ForeignKey("relationships", "user_id", "users", "CASCADE"),
    ForeignKey("relationships", "related_user_id", "users", "CASCADE"),
    ForeignKey("settings", "user_id", "users", "CASCADE"),
    ForeignKey("refresh_tokens", "user_id", "users", "CASCADE"),
    ForeignKey("refresh_tokens", "parent_id", "refresh_tokens", "SET NULL"),
    ForeignKey("users_groups", "user_id", "users", "CASCADE"),
    ForeignKey("users_user_permissions", "user_id", "users", "CASCADE"),
    ForeignKey("account_emailaddress", "user_id", "users", "CASCADE"),
    ForeignKey("account_emailconfirmation", "email_address_id", "account_emailaddress", "CASCADE"),
    ForeignKey("django_admin_log", "user_id", "users", "CASCADE"),
]

# An update that sets the column itself (a restore, an import) is left as it is.
TOUCH = """
    CREATE FUNCTION chat_app.touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    BEGIN
        NEW.updated_at = pg_catalog.now();
        RETURN NEW;
    END $$;
"""
TOUCHED = ["users", "profiles", "relationships", "settings"]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("account", "0001_initial"), ("admin", "0001_initial")]

    operations = [
        on_delete(FOREIGN_KEYS),
        migrations.RunSQL(TOUCH, "DROP FUNCTION chat_app.touch_updated_at()"),
        *[
            migrations.RunSQL(
                f"""CREATE TRIGGER {table}_touch BEFORE UPDATE ON {table} FOR EACH ROW
                WHEN (NEW.updated_at = OLD.updated_at)
                EXECUTE FUNCTION chat_app.touch_updated_at()""",
                f"DROP TRIGGER {table}_touch ON {table}",
            )
            for table in TOUCHED
        ],
    ]
