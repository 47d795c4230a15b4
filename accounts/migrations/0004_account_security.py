"""What the tables of 0003 and of allauth's mfa, usersessions and socialaccount need besides: cascades in the database,
as 0002 has them, and everybody's address on allauth's list."""

from importlib import import_module

from django.db import migrations

# (table, column, table it points to, what deleting there does here)
FOREIGN_KEYS = [
    ("applications", "user_id", "users", "CASCADE"),
    ("applications", "decided_by_id", "users", "SET NULL"),
    ("invitations", "made_by_id", "users", "CASCADE"),
    ("mfa_authenticator", "user_id", "users", "CASCADE"),
    ("usersessions_usersession", "user_id", "users", "CASCADE"),
    ("socialaccount_socialaccount", "user_id", "users", "CASCADE"),
    ("socialaccount_socialtoken", "account_id", "socialaccount_socialaccount", "CASCADE"),
]
LIST_EVERYBODY = """
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, email, is_verified, true FROM users u
    WHERE NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = u.id)
"""

earlier = import_module("accounts.migrations.0002_cascades")


def cascade(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, column, target, action in FOREIGN_KEYS:
            cursor.execute(earlier.NAME, [table, column])
            (name,) = cursor.fetchone()
            earlier._replace(cursor, table, column, target, name, f"{table}_{column}_fkey", f"ON DELETE {action}")


def uncascade(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, column, target, _action in FOREIGN_KEYS:
            name = f"{table}_{column}_fkey"
            earlier._replace(cursor, table, column, target, name, f"{table}_{column}_fk_{target}_id", "")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(cascade, uncascade),
        migrations.RunSQL(LIST_EVERYBODY, migrations.RunSQL.noop),
    ]
