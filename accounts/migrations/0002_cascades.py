"""What Django does not put into the database: cascades, and `updated_at` kept by whoever writes.

The plan asks for ON DELETE CASCADE; Django 5.2 deletes dependants itself and leaves plain foreign keys behind. The keys
of the plan's tables are replaced, and those of Django's and allauth's tables that would otherwise keep a row of
`users` from being deleted in SQL.
"""

from django.db import migrations

# (table, column, table it points to, what deleting there does here)
FOREIGN_KEYS = [
    ("profiles", "user_id", "users", "CASCADE"),
    ("relationships", "user_id", "users", "CASCADE"),
    ("relationships", "related_user_id", "users", "CASCADE"),
    ("settings", "user_id", "users", "CASCADE"),
    ("refresh_tokens", "user_id", "users", "CASCADE"),
    ("refresh_tokens", "parent_id", "refresh_tokens", "SET NULL"),
    ("users_groups", "user_id", "users", "CASCADE"),
    ("users_user_permissions", "user_id", "users", "CASCADE"),
    ("account_emailaddress", "user_id", "users", "CASCADE"),
    ("account_emailconfirmation", "email_address_id", "account_emailaddress", "CASCADE"),
    ("django_admin_log", "user_id", "users", "CASCADE"),
]

NAME = """
    SELECT c.conname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.conrelid = to_regclass(%s) AND a.attname = %s AND cardinality(c.conkey) = 1
"""

# An update that sets the column itself (a restore, an import) is left as it is.
TOUCH = """
    CREATE FUNCTION chat_app.touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    BEGIN
        NEW.updated_at = pg_catalog.now();
        RETURN NEW;
    END $$;
"""
TOUCHED = ["users", "profiles", "relationships", "settings"]


def cascade(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, column, target, action in FOREIGN_KEYS:
            cursor.execute(NAME, [table, column])
            (name,) = cursor.fetchone()
            _replace(cursor, table, column, target, name, f"{table}_{column}_fkey", f"ON DELETE {action}")


def uncascade(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, column, target, _action in FOREIGN_KEYS:
            name = f"{table}_{column}_fkey"
            _replace(cursor, table, column, target, name, f"{table}_{column}_fk_{target}_id", "")


def _replace(cursor, table, column, target, old, new, action):
    cursor.execute(
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{old}", ADD CONSTRAINT "{new}" FOREIGN KEY ("{column}") '
        f'REFERENCES "{target}" (id) {action} DEFERRABLE INITIALLY DEFERRED'
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("account", "0001_initial"), ("admin", "0001_initial")]

    operations = [
        migrations.RunPython(cascade, uncascade),
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
