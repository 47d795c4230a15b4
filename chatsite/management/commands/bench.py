from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from chatsite.management.bench import main as bench


class Command(BaseCommand):
    """Here for `manage.py help`; manage.py itself runs it before Django is loaded."""

    help = bench.parser().description or ""

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        sys.exit(bench.main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        bench.main(list(args))
