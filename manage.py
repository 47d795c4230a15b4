#!/usr/bin/env python3
"""Django's commands, and those that need no Django: up, services, test, doctor, bench.

Standard library only until the requirements are there: the first run of any command installs them into .venv.
"""

import importlib
import os
import sys

WITHOUT_DJANGO = {name: f"chatsite.embedded.{name}" for name in ("up", "services", "test", "doctor")}
WITHOUT_DJANGO["bench"] = "chatsite.management.bench.main"
WITH_TEST_REQUIREMENTS = ("test", "bench")
OLDEST = (3, 11)


def main() -> int:
    if sys.version_info < OLDEST:
        print(f"Python {OLDEST[0]}.{OLDEST[1]} or later is needed, this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    installation = importlib.import_module("chatsite.embedded.installation")
    errors = importlib.import_module("chatsite.embedded.errors")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        installation.ensure(tests=command in WITH_TEST_REQUIREMENTS)
        if command in WITHOUT_DJANGO:
            return importlib.import_module(WITHOUT_DJANGO[command]).main(sys.argv[2:])
    except errors.StackError as error:
        print(error, file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
    importlib.import_module("django.core.management").execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
