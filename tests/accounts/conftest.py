"""A site with a mail server, and one that anyone may sign up at."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from pytest_django import Settings

CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.M)


@pytest.fixture
def mail_server(settings: Settings) -> None:
    """EMAIL_URL is set: mail reaches people (`django.core.mail.outbox`), and addresses are to be proven."""
    settings.CHAT_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def anyone(settings: Settings) -> None:
    """Sign-up is open."""
    settings.CHAT_SIGNUP = "open"


def last_code() -> str:
    """The code in the last letter."""
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]
