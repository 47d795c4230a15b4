from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatsite.templatetags.look import STATIC

TARGET = STATIC / "emoji.json"
GROUPS = (0, 1, 3, 4, 5, 6, 7, 8, 9)  # of emojibase: all but the parts of which others are made
TONE = "\U0001f3fb"
VARIATION = "\ufe0f"


class Command(BaseCommand):
    """Writes `static/emoji.json` from the unpacked npm package emojibase-data.

    One list for each group, in the order in which they are shown; of each emoji the character, its shortcodes, the
    words it is found by, and 1 where it takes a skin tone.
    """

    help = "Write static/emoji.json from a folder with npm's emojibase-data (npm pack emojibase-data, then unpack)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the unpacked package")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = json.loads((options["folder"] / "en" / "compact.json").read_text())
            codes = json.loads((options["folder"] / "en" / "shortcodes" / "github.json").read_text())
            more = json.loads((options["folder"] / "en" / "shortcodes" / "cldr.json").read_text())
        except OSError as error:
            raise CommandError(f"This is no folder of emojibase-data: {error}") from error
        groups = [_group(known, {**more, **codes}, number) for number in GROUPS]
        TARGET.write_text(json.dumps(groups, ensure_ascii=False, separators=(",", ":")) + "\n")
        self.stdout.write(f"{sum(map(len, groups))} emoji in {TARGET.name}, {TARGET.stat().st_size} bytes")


def _group(known: list[dict[str, Any]], codes: dict[str, Any], number: int) -> list[list[Any]]:
    found = sorted((one for one in known if one.get("group") == number), key=lambda one: one["order"])
    return [_entry(one, codes) for one in found if one["hexcode"] in codes]


def _entry(one: dict[str, Any], codes: dict[str, Any]) -> list[Any]:
    named = codes[one["hexcode"]]
    shortcodes = named if isinstance(named, list) else [named]
    words = {*one["label"].lower().split(), *one.get("tags", [])} - set(shortcodes)
    entry = [one["unicode"], " ".join(shortcodes), " ".join(sorted(words))]
    tones = [skin["unicode"] for skin in one.get("skins", [])]
    return [*entry, 1] if one["unicode"].removesuffix(VARIATION) + TONE in tones else entry
