"""What the worker clears away at night."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import RefreshToken
from accounts.services import tokens
from accounts.tasks import forget_expired
from chatsite.tasks import forget_old_jobs
from tests.cast import Cast


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
    call_command("procrastinate", "worker", "--one-shot", "--no-listen-notify")
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
    assert not Session.objects.filter(session_key="old").exists()


def test_both_are_on_the_schedule() -> None:
    known = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert {"accounts.tasks.forget_expired", "chatsite.tasks.forget_old_jobs"} <= known
