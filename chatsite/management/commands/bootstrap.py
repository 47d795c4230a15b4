from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from chatsite.postgres import bootstrap, catalog, grants, roles
from chatsite.postgres.grants import Difference


class Command(BaseCommand):
    help = (
        "Makes the roles of PostgreSQL, their rights and the policies of row-level security; safe to repeat, and part "
        "of every `migrate`. Needs DATABASE_OWNER_URL. --check only reports, --print only prints SQL for psql."
    )

    requires_system_checks = ()  # it comes first: there may be no secret yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="report, and exit with 1 if anything differs")
        parser.add_argument("--print", action="store_true", help="print SQL that makes it so")

    def handle(self, *args: Any, check: bool, print: bool, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if print:
                self._print(cursor)
            elif check:
                self._check([*bootstrap.role_differences(cursor), *grants.differences(cursor)])
            else:
                self._do(cursor)

    def _do(self, cursor: Any) -> None:
        for words in (*bootstrap.ensure_roles(cursor), *grants.apply(cursor)):
            self.stdout.write(f"mended: {words}")
        self._check(list(grants.differences(cursor)))

    def _check(self, found: list[Difference]) -> None:
        for one in found:
            self.stderr.write(one.words)
        if found:
            raise CommandError(f"PostgreSQL differs from the code in {len(found)} ways: `manage.py bootstrap`.")
        self.stdout.write("PostgreSQL: roles, policies and rights are as declared")

    def _print(self, cursor: Any) -> None:
        """For a new server the roles; where the tables are there already, what makes policies and rights right."""
        cursor.execute("SELECT session_user")
        (owner,) = cursor.fetchone()
        self.stdout.write("-- As an administrator. Passwords are set apart: \\password chat_web")
        there = catalog.roles(cursor, list(roles.ROLES))
        statements = list(roles.statements(owner))
        if len(there) == len(roles.ROLES):
            statements.append(grants.PATH)
            statements += [one for difference in grants.differences(cursor) for one in difference.mending]
        self.stdout.write("BEGIN;\n" + "".join(f"{one};\n" for one in statements) + "COMMIT;")
