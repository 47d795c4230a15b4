"""What the worker clears away at night."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import tasks
from accounts.models import RefreshToken
from accounts.services import departures, exports, tokens
from accounts.services.exports import requests
from accounts.tasks import forget_expired
from chatsite.management.commands.worker import lanes
from chatsite.queues import LANES
from chatsite.tasks import forget_old_jobs
from tests.cast import Cast

PATIENCE = 20.0  # seconds


def work() -> None:
    """Does all jobs that are there, as the worker does."""
    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(lanes(wait=False))


def finished(*names: str) -> bool:
    """Whether these jobs are done, each of them well. The worker's clock may have added what is due just now."""
    done = ProcrastinateJob.objects.filter(task_name__in=names).values_list("task_name", "status")
    return set(done) == {(name, "succeeded") for name in names}


@pytest.fixture
def leftovers(cast: Cast) -> None:
    """An expired session and token beside living ones, and a used token that is still needed."""
    now = timezone.now()
    for key, days in (("old", -1), ("living", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    RefreshToken.objects.create(user=cast.ben, token=uuid4().hex, expires_at=now - timedelta(seconds=1))
    tokens.refresh(tokens.issue(cast.ben).refresh)


@pytest.mark.django_db
def test_expired_sessions_and_tokens_go_and_nothing_else(leftovers: None) -> None:
    forget_expired(timestamp=0)
    assert set(Session.objects.values_list("session_key", flat=True)) == {"living"}
    assert RefreshToken.objects.count() == 2
    assert RefreshToken.objects.filter(used_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it(leftovers: None) -> None:
    forget_expired.defer(timestamp=0)
    forget_old_jobs.defer(timestamp=0)
    work()
    assert finished(forget_expired.name, forget_old_jobs.name)
    assert not Session.objects.filter(session_key="old").exists()


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_holds_up_nobodys_mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is asked for first, and is not done before the mail has gone."""
    gone, order = threading.Event(), []

    def make(export_id: object) -> None:
        order.append("waited" if gone.wait(PATIENCE) else "gave up")

    def send_mail(*_: object) -> None:
        order.append("mail")
        gone.set()

    monkeypatch.setattr(exports, "make", make)
    monkeypatch.setattr(tasks, "send_mail", send_mail)
    exports.start(cast.ada.chat_id)
    departures.delete(cast.ben.chat_id)
    work()
    assert order == ["mail", "waited"]
    assert finished(requests.MAKE, departures.TELL)


def test_every_job_has_a_lane() -> None:
    lanes = [queue for queues in LANES.values() for queue in queues]
    assert len(lanes) == len(set(lanes))
    assert {task.queue for task in app.tasks.values()} <= set(lanes)


def test_both_are_on_the_schedule() -> None:
    known = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert {"accounts.tasks.forget_expired", "chatsite.tasks.forget_old_jobs"} <= known
