"""The keys: which are taken, which are refused and with what hint, and that they live in a file of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks

from chatsite.crypto import envelope
from chatsite.crypto.errors import BadKeys
from chatsite.crypto.ring import ring
from chatsite.embedded import field_keys
from tests.sealing import MIDDLE, NEW, OLD, ring_of


@pytest.mark.parametrize(
    ("roots", "problem"),
    [
        ((), "There is no key"),
        ((OLD, "not hex"), "Key 2"),
        (("0a" * 31,), "Key 1"),
        ((OLD, OLD.upper()), "twice"),
    ],
)
def test_bad_keys_stop_the_start_with_a_hint(roots: tuple[str, ...], problem: str) -> None:
    with ring_of(*roots):
        (found,) = [one for one in run_checks() if one.id == "chat.E005"]
        assert problem in found.msg and found.hint
        with pytest.raises(BadKeys, match=problem):
            envelope.seal("x", "users.email")
    assert OLD not in str(found)


def test_good_keys_are_taken_in_either_letter_case() -> None:
    with ring_of(NEW, OLD):
        assert "chat.E005" not in {one.id for one in run_checks()}
        first = ring().newest
    with ring_of(NEW.upper()):
        assert ring().newest == first or ring().newest.id == first.id


def test_each_key_has_one_job() -> None:
    with ring_of(NEW):
        key = ring().newest
        assert key.index.hex() != NEW and key.id not in NEW
        assert repr(key.index) not in repr(ring())


def test_the_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    field_keys.make(tmp_path)
    (key,) = field_keys.read(tmp_path, {})
    file = tmp_path / field_keys.FILE
    assert len(key) == 64 and file.stat().st_mode & 0o777 == 0o400
    field_keys.make(tmp_path)
    assert field_keys.read(tmp_path, {}) == (key,)


def test_the_file_has_the_newest_key_first_and_room_for_remarks(tmp_path: Path) -> None:
    (tmp_path / field_keys.FILE).write_text(f"# rotated in May\n{NEW}  # May\n\n{OLD}\n")
    assert field_keys.read(tmp_path, {}) == (NEW, OLD)


def test_the_variable_goes_before_the_file(tmp_path: Path) -> None:
    field_keys.make(tmp_path)
    assert field_keys.read(tmp_path, {"CHAT_FIELD_KEYS": f"{NEW}, {MIDDLE} {OLD}"}) == (NEW, MIDDLE, OLD)
    assert len(field_keys.read(tmp_path, {"CHAT_FIELD_KEYS": ""})) == 1


def test_without_file_and_variable_there_is_none(tmp_path: Path) -> None:
    assert field_keys.read(tmp_path, {}) == field_keys.read(tmp_path / "nowhere", {}) == ()


def test_a_stack_makes_the_file_and_the_settings_read_it() -> None:
    if field_keys.VARIABLE not in os.environ:
        file = settings.DATA_DIR / field_keys.FILE
        assert file.stat().st_mode & 0o777 == 0o400
        assert field_keys.read(settings.DATA_DIR, {}) == settings.FIELD_KEYS
    assert len(ring().keys) == 1
    assert all(key not in (settings.DATA_DIR / "environment.json").read_text() for key in settings.FIELD_KEYS)
