from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

DOMAINS = ("django", "djangojs")
QUIET = ["--no-location", "--no-wrap"]
"""Where a text stands changes with every line above it, and would be most of what changes in the catalogues."""


class Command(makemessages.Command):
    help = "Brings the catalogues of all languages in step with code, templates and scripts, and compiles them."

    xgettext_options = [*makemessages.Command.xgettext_options, *QUIET]
    msgmerge_options = [*makemessages.Command.msgmerge_options, *QUIET, "--no-fuzzy-matching"]
    msgattrib_options = [*makemessages.Command.msgattrib_options, *QUIET]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """None: there is one way to do it."""

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        ours = [Path(path).name for path in settings.BASE_DIR.iterdir() if Path(path).is_dir()]
        ignored = [
            name for name in ours if name not in ("accounts", "chatsite", "messaging", "notifications", "templates")
        ]
        for domain in DOMAINS:
            super().handle(*args, **_every(options, domain, languages, ignored))
        call_command("compilemessages", ignore_patterns=ignored, verbosity=0)


def _every(options: dict[str, Any], domain: str, languages: list[str], ignored: list[str]) -> dict[str, Any]:
    return options | {
        "domain": domain,
        "locale": languages,
        "exclude": [],
        "extensions": ["js"] if domain == "djangojs" else ["html", "txt", "py"],
        "ignore_patterns": ignored,
        "no_obsolete": True,
        "no_wrap": True,
        "no_location": True,
        "add_location": None,
        "symlinks": False,
        "use_default_ignore_patterns": True,
        "keep_pot": False,
        "all": False,
    }
