"""What a page loads of the scripts: a module and all that it imports before it runs."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

JS = Path(__file__).resolve().parent.parent / "static" / "js"
STARTS_WITH = "app.js"  # templates/base.html has it
IMPORT = re.compile(r'^(?:import|export)\b[^"\n]*"chat/([^"\n]+)"', re.M)  # import("…") fetches later, and is not meant


def loaded() -> list[str]:
    """The modules that every page fetches, below `static/js/`, those that import others before these."""
    return _loaded() if settings.DEBUG else _loaded_once()


def _loaded() -> list[str]:
    found = [STARTS_WITH]
    for module in found:
        found += [each for each in IMPORT.findall((JS / module).read_text()) if each not in found]
    return found


_loaded_once = lru_cache(_loaded)
