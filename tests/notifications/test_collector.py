"""The background: senders never wait for it, and its failures are nobody's."""

from __future__ import annotations

import logging
import threading
import time
from uuid import uuid4

import pytest

from chatsite.types import ObjectId, UserId
from notifications import collector as module
from notifications import receivers
from notifications.collector import Collector
from notifications.digest import Digest
from tests.cast import Cast, acquaint
from tests.notifications.conftest import say

READER = UserId(str(uuid4()))


def test_it_works_on_a_moment_at_once_in_its_own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GATHER", 0.05)
    worked: list[tuple[str, Digest]] = []
    done = threading.Event()

    def work(digest: Digest) -> None:
        worked.append((threading.current_thread().name, digest))
        done.set()

    gathering, here = Collector(work), ObjectId()
    for seq in range(1, 4):
        gathering.read(READER, here, seq)
    assert done.wait(5)
    ((thread, digest),) = worked
    assert thread == "notifications"
    assert digest.readings == {(READER, here): 3}


def test_it_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(module, "GATHER", 0.01)
    outcomes = iter([RuntimeError("broken"), None])
    failed, done = threading.Event(), threading.Event()

    def work(digest: Digest) -> None:
        if error := next(outcomes):
            failed.set()
            raise error
        done.set()

    gathering = Collector(work)
    with caplog.at_level(logging.ERROR):
        gathering.read(READER, ObjectId(), 1)
        assert failed.wait(5)
        gathering.read(READER, ObjectId(), 1)
        assert done.wait(5)
    assert "notifying failed" in caplog.text


@pytest.mark.django_db
def test_a_sender_does_not_wait_for_notifications(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    slow = Collector(lambda digest: release.wait(10) and None)
    monkeypatch.setattr(module, "GATHER", 0.0)
    monkeypatch.setattr(receivers, "collector", slow)
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk)
    time.sleep(0.2)  # the thread is stuck in its work now
    began = time.monotonic()
    second = say(cast.ben, talk)
    took = time.monotonic() - began
    release.set()
    assert second.seq == 2
    assert took < 5


@pytest.mark.django_db
def test_a_receiver_that_fails_fails_no_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Collector):
        def add(self, messages: object) -> None:
            raise RuntimeError("broken")

    monkeypatch.setattr(receivers, "collector", Broken(lambda digest: None))
    talk = acquaint(cast.ben, cast.ada)
    assert say(cast.ben, talk).seq == 1
