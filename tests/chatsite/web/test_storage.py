"""Files are there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from chatsite.errors import StorageFull, Unavailable
from chatsite.web.storage import WholeFiles


@pytest.fixture
def storage(tmp_path: Path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def files(storage: WholeFiles) -> list[str]:
    return sorted(path.name for path in Path(storage.location).rglob("*") if path.is_file())


def test_a_name_is_final_and_saving_again_replaces(storage: WholeFiles) -> None:
    assert storage.save("a/b/one.webp", ContentFile(b"1")) == storage.save("a/b/one.webp", ContentFile(b"22"))
    assert storage.open("a/b/one.webp").read() == b"22"
    assert files(storage) == ["one.webp"]
    assert Path(storage.path("a/b/one.webp")).stat().st_mode & 0o777 == 0o644


def test_whoever_else_is_on_the_machine_finds_no_names(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path / "media")
    storage.save("a/b/one.webp", ContentFile(b"1"))
    modes = {one: (tmp_path / one).stat().st_mode & 0o777 for one in ("media", "media/parts", "media/a", "media/a/b")}
    assert set(modes.values()) == {0o711}


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull),
                                               (errno.EIO, Unavailable), (errno.EROFS, Unavailable)])  # fmt: skip
@pytest.mark.parametrize("fails", ["fsync", "fchmod"])
def test_when_the_disk_does_not_take_it_nothing_is_left(
    storage: WholeFiles, monkeypatch: pytest.MonkeyPatch, fails: str, number: int, error: type[Exception]
) -> None:
    storage.save("kept.webp", ContentFile(b"old"))

    def fail(*_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, fails, fail)
    with pytest.raises(error):
        storage.save("kept.webp", ContentFile(b"new"))
    with pytest.raises(error):
        storage.save("other.webp", ContentFile(b"new"))
    assert files(storage) == ["kept.webp"]
    assert storage.open("kept.webp").read() == b"old"


def test_names_lead_nowhere_else(storage: WholeFiles) -> None:
    with pytest.raises(Exception, match="path traversal|outside"):
        storage.save("../out.webp", ContentFile(b"x"))
    assert files(storage) == []
