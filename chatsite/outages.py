"""A database that is away, as the one error everybody knows what to do with."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from chatsite import mongo
from chatsite.errors import Unavailable

log = logging.getLogger(__name__)
RETRY_AFTER = 1.0  # seconds


def outage(error: Exception) -> Unavailable | None:
    """What to answer when a database did not do its part: None where the error is one of ours.

    One line in the log: an outage is an event, not a bug with a traceback.
    """
    if not mongo.is_outage(error) and not isinstance(error, OperationalError | InterfaceError):
        return None
    log.warning("a database does not answer: %s", str(error).partition("\n")[0][:200])
    return unavailable()


def unavailable() -> Unavailable:
    """The error for what needs a database that is away."""
    return Unavailable(_("The chat cannot reach its database. Please try again in a moment."), retry_after=RETRY_AFTER)
