"""A row of `users` that is deleted in SQL takes departures and copies with it, as the tables of 0002_cascades."""

from django.db import migrations

from chatsite.postgres.foreign_keys import ForeignKey, on_delete


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_leaving")]

    operations = [
        on_delete(
            [
                ForeignKey("departures", "user_id", "users", "CASCADE"),
                ForeignKey("exports", "user_id", "users", "CASCADE"),
            ]
        )
    ]
