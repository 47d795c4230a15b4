from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from accounts.models import User
from accounts.services import importing, registration

STEP = 100  # passwords between two lines of progress


class Command(BaseCommand):
    help = (
        "Make people from a CSV file with the columns username,email,display_name,password. All of them or none: every "
        "wrong line is reported. Existing user names are left alone. Without a password, an invitation link is printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        plan = importing.plan(_lines(file))
        if plan.problems:
            for problem in plan.problems:
                self.stderr.write(
                    f"{file.name}:{problem.line}: {problem.column} {problem.message}".replace(":  ", ": ")
                )
            raise CommandError(f"Nobody was made: {len(plan.problems)} problems.")
        for row in plan.known:
            self.stdout.write(f"{row.username} is there already: left alone.")
        self._make(plan.new)

    def _make(self, rows: list[importing.Row]) -> None:
        try:
            people = importing.carry_out(rows, self._progress(len(rows)))
        except IntegrityError as error:
            raise CommandError("Nobody was made: someone took one of these names meanwhile. Please repeat.") from error
        self.stdout.write(self.style.SUCCESS(f"{len(people)} people made."))
        self._invite([user for user, row in zip(people, rows, strict=True) if not row.password])

    def _progress(self, total: int) -> Any:
        def tick(done: int) -> None:
            if done % STEP == 0 and self.stderr.isatty():
                self.stderr.write(f"\r{done} of {total} passwords hashed", ending="")

        return tick

    def _invite(self, people: list[User]) -> None:
        for user in people:
            self.stdout.write(f"{user.username} {registration.password_link(user)}")


def _lines(file: Path) -> Any:
    try:
        with file.open(newline="", encoding="utf-8-sig") as table:
            reader = csv.DictReader(table)
            if sorted(reader.fieldnames or []) != sorted(importing.COLUMNS):
                raise CommandError(f"The first line must name the columns: {','.join(importing.COLUMNS)}")
            return [(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
