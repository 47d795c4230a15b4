"""The file of emoji: made from emojibase, and as the scripts expect it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatsite.management.commands import syncemoji

WAVE = {"hexcode": "1F44B", "label": "waving hand", "unicode": "👋", "group": 1, "order": 2, "tags": ["bye", "wave"]}
SKINS = [{"unicode": "👋🏻"}, {"unicode": "👋🏿"}]
GRIN = {"hexcode": "1F600", "label": "grinning face", "unicode": "😀", "group": 0, "order": 1}
PART = {"hexcode": "1F9B0", "label": "red hair", "unicode": "🦰", "group": 2, "order": 3}


def test_a_package_becomes_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = tmp_path / "en" / "shortcodes"
    codes.mkdir(parents=True)
    (tmp_path / "en" / "compact.json").write_text(json.dumps([{**WAVE, "skins": SKINS}, GRIN, PART]))
    (codes / "github.json").write_text(json.dumps({"1F44B": ["wave", "hi"]}))
    (codes / "cldr.json").write_text(
        json.dumps({"1F600": "grinning_face", "1F44B": "waving_hand", "1F9B0": "red_hair"})
    )
    monkeypatch.setattr(syncemoji, "TARGET", tmp_path / "emoji.json")
    call_command("syncemoji", tmp_path)
    groups = json.loads((tmp_path / "emoji.json").read_text())
    assert groups[0] == [["😀", "grinning_face", "face grinning"]]
    assert groups[1] == [["👋", "wave hi", "bye hand waving", 1]]
    assert [one for group in groups[2:] for one in group] == []


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="emojibase-data"):
        call_command("syncemoji", tmp_path)


def test_the_file_that_is_there_has_every_group_and_each_shortcode_once() -> None:
    groups = json.loads(syncemoji.TARGET.read_text())
    codes = [code for group in groups for _character, names, *_rest in group for code in names.split()]
    assert len(groups) == len(syncemoji.GROUPS) and all(groups)
    assert len(codes) == len(set(codes)) > 1800
