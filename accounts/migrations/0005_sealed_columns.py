"""E-mail addresses and sessions are sealed (chatsite/crypto). Going back puts them into the clear again."""

from django.db import connection, migrations, transaction

import accounts.models.fields
from chatsite.crypto import envelope, rotation
from chatsite.crypto.columns import Column

COLUMNS = [
    Column("users", "email", "id", envelope.DETERMINISTIC),
    Column("account_emailaddress", "email", "id", envelope.DETERMINISTIC),
    Column("django_session", "session_data", "session_key"),
    Column("django_session", "session_key", "session_key", envelope.DETERMINISTIC),
    Column("usersessions_usersession", "session_key", "id", envelope.DETERMINISTIC),
    Column("usersessions_usersession", "user_agent", "id"),
]
# (table, column, what its own app made it): sealed values are longer. 254 characters suffice for an address.
TOO_NARROW = [
    ("django_session", "session_key", "varchar(40)"),
    ("usersessions_usersession", "session_key", "varchar(40)"),
    ("usersessions_usersession", "user_agent", "varchar(200)"),
]


def encrypt(apps, schema_editor):
    rewrite(rotation.encrypt)


def decrypt(apps, schema_editor):
    rewrite(rotation.decrypt)


def rewrite(how):
    """Everything in one go: rows that somebody holds locked would be left out, so nobody may."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(sorted({one.table for one in COLUMNS}))} IN EXCLUSIVE MODE")
    for column in COLUMNS:
        how(column, transaction.atomic)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a column with checks pending cannot be made narrow again


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_account_security"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text",
                f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {narrow}",
            )
            for table, column, narrow in TOO_NARROW
        ],
        migrations.AlterField(
            "user",
            "email",
            accounts.models.fields.SealedEmailField(max_length=255, unique=True, verbose_name="e-mail address"),
        ),
        migrations.RunPython(encrypt, decrypt),
    ]
