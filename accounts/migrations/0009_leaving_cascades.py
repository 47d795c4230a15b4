"""A row of `users` that is deleted in SQL takes departures and copies with it, as the tables of 0002_cascades.

Not in 0008: Django adds foreign keys at the end of the migration that makes a table.
"""

from importlib import import_module

from django.db import migrations

cascades = import_module("accounts.migrations.0002_cascades")
TABLES = ["departures", "exports"]


def cascade(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(cascades.NAME, [table, "user_id"])
            (name,) = cursor.fetchone()
            cascades._replace(cursor, table, "user_id", "users", name, f"{table}_user_id_fkey", "ON DELETE CASCADE")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_leaving")]

    operations = [migrations.RunPython(cascade, migrations.RunPython.noop)]
