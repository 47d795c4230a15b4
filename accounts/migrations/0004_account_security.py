"""What the tables of 0003 and of allauth's mfa, usersessions and socialaccount need besides: cascades in the database,
as 0002 has them, and everybody's address on allauth's list."""

from django.db import migrations

from chatsite.postgres.foreign_keys import ForeignKey, on_delete

FOREIGN_KEYS = [
    ForeignKey("applications", "user_id", "users", "CASCADE"),
    ForeignKey("applications", "decided_by_id", "users", "SET NULL"),
    ForeignKey("invitations", "made_by_id", "users", "CASCADE"),
    ForeignKey("mfa_authenticator", "user_id", "users", "CASCADE"),
    ForeignKey("usersessions_usersession", "user_id", "users", "CASCADE"),
    ForeignKey("socialaccount_socialaccount", "user_id", "users", "CASCADE"),
    ForeignKey("socialaccount_socialtoken", "account_id", "socialaccount_socialaccount", "CASCADE"),
]
LIST_EVERYBODY = """
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, email, is_verified, true FROM users u
    WHERE NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = u.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        on_delete(FOREIGN_KEYS),
        migrations.RunSQL(LIST_EVERYBODY, migrations.RunSQL.noop),
    ]
